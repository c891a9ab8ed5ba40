// Gitea's and Forgejo's router lines, old and new form:
//
//   2022/05/14 13:25:02 Completed POST /v2/N/blobs/uploads/ 404 Not Found in 303.199µs
//   2024/05/14 13:25:02 ...eb/routing/logger.go:102:func1() [I] router: completed HEAD
//   /v2/N/blobs/D for 10.0.0.2:0, 404 Not Found in 1.2ms @
//   container/container.go:100(container.HeadBlob)
//
// Other lines with that head stay Go's (go_log.cc). No zone: read as UTC. Sources: gitea
// modules/web/routing/logger.go v1.21; modules/context v1.17.
#include "base/text.h"
#include "base/time.h"
#include "format/field_slots.h"
#include "format/formats/formats.h"
#include "format/formats/product_line.h"

namespace regtriage {
namespace {

constexpr std::size_t kTimeBytes = 19;
constexpr std::size_t kHead = 200;  // the place in the source stands before the words

// Position behind the words that say that a request is done; npos if there are none.
std::size_t behind_words(std::string_view payload) {
  for (const std::string_view words : {" router: completed ", " Completed "}) {
    const std::size_t at = payload.substr(0, kHead).find(words);
    if (at != std::string_view::npos) return at + words.size();
  }
  return std::string_view::npos;
}

std::string_view take_until_blank(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  return word;
}

}  // namespace

bool gitea_begins(std::string_view payload) {
  return go_log_begins(payload) && behind_words(payload) != std::string_view::npos;
}

Parsed parse_gitea(std::string_view payload, Scratch&, Record& out) {
  out = Record{};
  const auto time = try_go_log_time(payload.substr(0, kTimeBytes));
  if (!time) return Parsed::not_mine;
  std::string_view rest = payload.substr(behind_words(payload));
  out.method = take_until_blank(rest);
  out.uri = take_until_blank(rest);
  if (out.uri.empty() || out.uri[0] != '/') return Parsed::not_mine;
  if (rest.starts_with("for ")) {
    rest.remove_prefix(4);
    const std::string_view remote = take_until_blank(rest);
    out.remote = remote.substr(0, remote.find(','));
  }
  out.status = try_i64(take_until_blank(rest)).value_or(-1);
  if (out.status < 100 || out.status > 999) return Parsed::not_mine;
  if (const std::size_t in = rest.find("in "); in != std::string_view::npos) {
    std::string_view duration = rest.substr(in + 3);
    out.duration_ns = try_go_duration(duration.substr(0, duration.find(' '))).value_or(-1);
  }
  out.format = Format::gitea;
  out.time = *time;
  out.time_text = payload.substr(0, kTimeBytes);
  out.level = Level::info;
  out.message = payload.substr(kTimeBytes + 1);
  return Parsed::record;
}

}  // namespace regtriage
