// A session of redis-cli, or the bare output of HGETALL:
//
//   127.0.0.1:6379[2]> HGETALL blobs::sha256:1a2b…          digest
//   1) "digest"                                             sha256:1a2b…
//   2) "sha256:1a2b…"                                       size
//   (empty array)
//
// Of a session the command names the key; what follows says whether it is there.
// Source: redis src/redis-cli.c cliFormatReplyTTY; distribution
// registry/storage/cache/redis/redis.go v2.8.3 for the fields.
#include "base/text.h"
#include "format/formats/inventory.h"
#include "format/headings/headings.h"

namespace regtriage {
namespace {

constexpr std::string_view kFields = "fields";  // the heading of HGETALL's bare output

std::string_view unquoted(std::string_view text) {
  const std::size_t close = text.find(") ");
  if (close != std::string_view::npos && close < 8) text.remove_prefix(close + 2);
  text = trimmed(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  return text;
}

bool same_word(std::string_view text, std::string_view upper) {
  if (text.size() != upper.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] & ~0x20) != upper[i]) return false;
  return true;
}

// Behind the prompt: COMMAND KEY.
std::string_view key_of_command(std::string_view command) {
  const std::size_t blank = command.find(' ');
  if (blank == std::string_view::npos) return {};
  for (const std::string_view known : {"HGETALL", "EXISTS", "HGET", "TYPE", "SMEMBERS"})
    if (same_word(command.substr(0, blank), known)) {
      const std::string_view rest = trimmed(command.substr(blank + 1));
      return rest.substr(0, rest.find(' '));
    }
  return {};
}

bool says_nothing(std::string_view text) {
  return text == "(empty array)" || text == "(empty list or set)" || text == "(integer) 0" ||
         text == "(nil)" || text == "none" || text == "(empty hash)";
}

// What is below SMEMBERS repository::R::blobs.
bool put_member(std::string_view set, std::string_view value, Scratch& scratch, Record& out) {
  Record key;
  if (!is_digest(value) || !put_cache_key(set, key)) return false;
  char* const begin = scratch.room.end();
  std::copy(key.name.begin(), key.name.end(), begin);
  out.name = scratch.room.keep(key.name.size());
  out.digest = value;
  out.message = "cache key";
  return true;
}

}  // namespace

bool redis_heads(std::string_view line, Heading& heading) {
  if (line == "digest" || line == "1) \"digest\"") {
    heading.kind = Heading::Kind::redis;
    heading.text = kFields;
    return true;
  }
  const std::size_t prompt = line.substr(0, 80).find("> ");
  if (prompt == std::string_view::npos || line.find(':') > prompt ||
      line.size() > kLongestHeading ||
      line.substr(0, prompt).find_first_of(" \t=\"<") != std::string_view::npos)
    return false;
  Record record;
  const std::string_view key = unquoted(key_of_command(trimmed(line.substr(prompt + 2))));
  if (!put_cache_key(key, record)) return false;
  heading.kind = Heading::Kind::redis;
  heading.text = key;
  return true;
}

bool below_redis(std::string_view line, Heading& heading, Scratch& scratch, Record& out) {
  const std::string_view text = trimmed(line), value = unquoted(text);
  out.format = Format::inventory;
  out.agent = "redis-cli";
  if (heading.text == kFields) {
    if (!is_digest(value)) return false;
    out.message = "cache key";
    out.digest = value;
    heading.text = "more";  // size and media type
    return true;
  }
  if (heading.text == "more" && value == "digest") {
    heading.text = kFields;
    return true;
  }
  if (heading.text == "more")
    return value == "size" || value == "mediatype" || is_digest(value) ||
           value.starts_with("application/") || try_u64(value).has_value();
  const bool part = says_nothing(text) || text.find(") ") < 8 || text.starts_with("(integer) ") ||
                    text == "hash" || text == "set" || is_digest(value);
  if (!part) return false;
  if (heading.text.starts_with("repository::") && heading.text.ends_with("::blobs")) {
    put_member(heading.text, value, scratch, out);
    return true;
  }
  // Only the first line below says something.
  char* const begin = scratch.room.end();
  std::copy(heading.text.begin(), heading.text.end(), begin);
  const std::string_view key = scratch.room.keep(heading.text.size());
  Record named;
  if (put_cache_key(key, named)) {
    out = named;
    if (says_nothing(text)) out.message = "no cache key";
  }
  heading.text = "more";
  return true;
}

}  // namespace regtriage
