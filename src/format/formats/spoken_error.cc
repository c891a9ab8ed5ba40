#include "format/formats/spoken_error.h"

#include <array>

#include "base/text.h"
#include "format/formats/error_words.h"

namespace regtriage {
namespace {

constexpr std::size_t kMost = 16U << 10;
constexpr std::string_view kWordEnds = " \t\r\n\"'`,;()<>[]{}\\=|";

bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Words that mean a code, and the code where they are not its own name.
struct Phrase {
  std::string_view text, code;
};
constexpr std::array kPhrases =
    std::to_array<Phrase>({{"manifest blob unknown", {}},
                           {"manifest unknown", {}},
                           {"manifest invalid", {}},
                           {"manifest unverified", {}},
                           {"unknown manifest name=", "manifest unknown"},
                           {"unknown tag=", "manifest unknown"},
                           {"blob upload unknown", {}},
                           {"blob upload invalid", {}},
                           {"blob unknown", {}},
                           {"unknown blob", "blob unknown"},
                           {"name unknown", {}},
                           {"name invalid", {}},
                           {"unknown repository name=", "name unknown"},
                           {"repository name not known to registry", "name unknown"},
                           {"digest invalid", {}},
                           {"provided digest did not match uploaded content", "digest invalid"},
                           {"size invalid", {}},
                           {"range invalid", {}},
                           {"tag invalid", {}},
                           {"authentication required", "unauthorized"},
                           {"access to the requested resource is not authorized", "unauthorized"},
                           {"unauthorized to access repository", "unauthorized"},
                           {"no basic auth credentials", "unauthorized"},
                           {"requested access to the resource is denied", "denied"},
                           {"toomanyrequests", {}},
                           {"MANIFEST_BLOB_UNKNOWN", {}},
                           {"MANIFEST_UNKNOWN", {}},
                           {"MANIFEST_INVALID", {}},
                           {"MANIFEST_UNVERIFIED", {}},
                           {"BLOB_UPLOAD_UNKNOWN", {}},
                           {"BLOB_UPLOAD_INVALID", {}},
                           {"BLOB_UNKNOWN", {}},
                           {"NAME_UNKNOWN", {}},
                           {"NAME_INVALID", {}},
                           {"DIGEST_INVALID", {}},
                           {"SIZE_INVALID", {}},
                           {"TAG_INVALID", {}},
                           {"RANGE_INVALID", {}},
                           {"PROJECTPOLICYVIOLATION", {}},
                           {"UNAUTHORIZED: ", "unauthorized"},
                           {"DENIED: ", "denied"},
                           {"UNSUPPORTED: ", "unsupported"},
                           {"TOOMANYREQUESTS", {}}});

// Almost no line of a foreign text holds one of these.
bool may_speak(std::string_view text) {
  for (const std::string_view part :
       {"nknown", "_UNKNOWN", "nvalid", "_INVALID", " not found", "uthori", "AUTHORIZED", "denied",
        "DENIED: ", "oomany", "did not match", "errors", "tatus", "not known"})
    if (contains(text, part)) return true;
  return false;
}

struct Said {
  std::string_view code;
  std::size_t at = std::string_view::npos;  // where the code stands
};

// The code of a body, escaped any number of times.
Said code_of_body(std::string_view text) {
  const std::size_t errors = text.find("errors");
  if (errors == std::string_view::npos) return {};
  const std::size_t key = text.find("code", errors);
  if (key == std::string_view::npos || key - errors > 32) return {};
  const std::size_t begin = text.find_first_not_of("\\\": ", key + 4);
  if (begin == std::string_view::npos || begin == key + 4) return {};
  std::size_t end = begin;
  while (end < text.size() && ((text[end] >= 'A' && text[end] <= 'Z') || text[end] == '_')) ++end;
  if (end - begin < 3) return {};
  return {text.substr(begin, end - begin), begin};
}

// The first of the phrases; of two at one place the longer one.
Said code_of_words(std::string_view text) {
  Said best;
  std::size_t longest = 0;
  for (const Phrase& phrase : kPhrases) {
    const std::size_t at = text.find(phrase.text);
    if (at == std::string_view::npos || at > best.at) continue;
    if (at == best.at && phrase.text.size() < longest) continue;
    const std::size_t end = at + phrase.text.size();
    if (at > 0 && word_char(text[at - 1])) continue;
    if (word_char(phrase.text.back()) && end < text.size() && word_char(text[end])) continue;
    best = {phrase.code.empty() ? text.substr(at, phrase.text.size()) : phrase.code, at};
    longest = phrase.text.size();
  }
  return best;
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 255) return false;
  bool before = false;  // a letter or digit
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!letter && c != '.' && c != '_' && c != '-' && c != '/') return false;
    if (c == '/' && !before) return false;
    before = letter || (before && c == '_') || c == '-';
    if (c == '/') before = false;
  }
  return word_char(text.front()) && word_char(text.back());
}

struct Image {
  std::string_view text;                    // as it stands
  bool has_host = false, is_exact = false;  // exact: with a tag or a digest
};

bool is_host(std::string_view text) {
  return text == "localhost" || text.find('.') != std::string_view::npos ||
         text.find(':') != std::string_view::npos;
}

// "docker://H/N:T", "H/N@D", "N:T", with the punctuation of a sentence behind it.
Image image_of(std::string_view word) {
  while (!word.empty() && (word.back() == ':' || word.back() == '.')) word.remove_suffix(1);
  if (const std::size_t scheme = word.find("://"); scheme != std::string_view::npos) {
    if (word.starts_with("http")) return {};
    word.remove_prefix(scheme + 3);
  }
  Image image{word, false, false};
  std::string_view name = word;
  if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
    if (!is_digest(name.substr(at + 1))) return {};
    name = name.substr(0, at);
    image.is_exact = true;
  }
  const std::size_t slash = name.find('/');
  if (slash != std::string_view::npos && is_host(name.substr(0, slash))) {
    image.has_host = true;
    name.remove_prefix(slash + 1);
  }
  if (const std::size_t colon = name.rfind(':'); colon != std::string_view::npos) {
    const std::string_view tag = name.substr(colon + 1);
    if (tag.empty() || tag.size() > 128) return {};
    for (const char c : tag)
      if (!word_char(c) && c != '.' && c != '-') return {};
    name = name.substr(0, colon);
    image.is_exact = true;
  }
  // A line of a source file is written alike.
  const bool source = name.ends_with(".go") || name.ends_with(".py") || name.ends_with(".rs");
  return is_name(name) && !source && !name.starts_with("sha256") ? image : Image{};
}

// Words behind which a name without host is an image.
bool announces(std::string_view word) {
  for (const std::string_view known :
       {"for", "image", "artifact", "repository", "reference", "repository:", "image:", "pulling",
        "pushing", "pull", "push", "name", "ref", "proxy"})
    if (word == known) return true;
  return false;
}

// The image that the text is about: the first with a host and a tag or digest, else the first that
// a word announces.
std::string_view image_in(std::string_view text) {
  std::string_view announced, before;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find_first_not_of(kWordEnds, at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(kWordEnds, begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const Image image = image_of(word);
    if (image.has_host && image.is_exact) return image.text;
    const bool named = image.is_exact || image.text.find('/') != std::string_view::npos;
    const bool told = announces(before) || (image.has_host && (before == "in" || before == "to"));
    if (announced.empty() && told && named) announced = image.text;
    before = word;
    at = end;
  }
  return announced;
}

// The last path of the API that addresses something; its method stands before the URL.
void take_path(std::string_view text, Record& out) {
  if (!out.uri.empty()) return;
  int looked = 0;
  for (std::size_t at = text.rfind("/v2/"); at != std::string_view::npos && ++looked <= 8;
       at = at == 0 ? std::string_view::npos : text.rfind("/v2/", at - 1)) {
    std::string_view path = text.substr(at);
    path = path.substr(0, path.find_first_of(" \t\"'`<>\\,;)]}"));
    while (path.ends_with(':') || path.ends_with('.')) path.remove_suffix(1);
    if (!contains(path, "/manifests/") && !contains(path, "/blobs/") && !contains(path, "/tags/"))
      continue;
    out.uri = path;
    const std::size_t scheme = text.substr(0, at).rfind("http");
    std::string_view head = text.substr(0, scheme == std::string_view::npos ? at : scheme);
    while (!head.empty() && kWordEnds.find(head.back()) != std::string_view::npos)
      head.remove_suffix(1);
    const std::size_t word = head.find_last_of(kWordEnds);
    const std::string_view method = head.substr(word == std::string_view::npos ? 0 : word + 1);
    for (const std::string_view known : {"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"})
      if (method == known && out.method.empty()) out.method = known;
    return;
  }
}

// "status code: 404", "status code 404", "status: 404 ", "unexpected status … 404 Not Found".
int status_in(std::string_view text) {
  for (std::size_t at = text.find("tatus"); at != std::string_view::npos;
       at = text.find("tatus", at + 5)) {
    const std::string_view rest = text.substr(at + 5, 400);
    for (std::size_t i = 0; i + 3 <= rest.size(); ++i) {
      if (rest[i] < '4' || rest[i] > '5' || i == 0 || rest[i - 1] != ' ') continue;
      const auto digits = try_u64(rest.substr(i, 3));
      const bool ends = i + 3 == rest.size() || !word_char(rest[i + 3]);
      if (digits && ends) return static_cast<int>(*digits);
    }
  }
  return -1;
}

std::string_view digest_from(std::string_view text) {
  for (std::size_t at = text.find("sha"); at != std::string_view::npos;
       at = text.find("sha", at + 3)) {
    constexpr std::size_t kLongest = 160;  // a sha512 has 135
    const std::string_view rest = text.substr(at, kLongest);
    const std::string_view word = rest.substr(0, rest.find_first_of(kWordEnds));
    const std::string_view bare =
        word.ends_with('.') || word.ends_with(':') ? word.substr(0, word.size() - 1) : word;
    if (is_digest(bare)) return bare;
  }
  return {};
}

// The first digest behind the code, else the last one before it: errors are wrapped from the
// outside in.
std::string_view digest_about(std::string_view text, std::size_t code_at) {
  if (const std::string_view behind = digest_from(text.substr(code_at)); !behind.empty())
    return behind;
  std::string_view last;
  for (std::string_view rest = text.substr(0, code_at);;) {
    const std::string_view digest = digest_from(rest);
    if (digest.empty()) return last;
    last = digest;
    rest.remove_prefix(static_cast<std::size_t>(digest.data() - rest.data()) + digest.size());
  }
}

// The word behind a key of an error's detail, as JSON (escaped or not) or as Go prints a map.
std::string_view value_behind(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    std::size_t begin = at + key.size();
    if (at > 0 && word_char(text[at - 1])) continue;
    const std::size_t mark = begin;
    while (begin < text.size() &&
           (text[begin] == '\\' || text[begin] == '"' || text[begin] == ':' || text[begin] == ' '))
      ++begin;
    if (text.substr(mark, begin - mark).find(':') == std::string_view::npos) continue;
    return text.substr(begin, text.substr(begin).find_first_of(kWordEnds));
  }
  return {};
}

void put_if_absent(std::string_view& slot, std::string_view value) {
  if (slot.empty()) slot = value;
}

// "scope=repository%3ANAME%3Apull": what the token service is asked for.
std::string_view name_of_scope(std::string_view text, TextRoom& room) {
  constexpr std::string_view kScope = "scope=repository";
  const std::size_t at = text.find(kScope);
  if (at == std::string_view::npos) return {};
  const std::string_view value =
      text.substr(at + kScope.size(), text.substr(at + kScope.size()).find_first_of("&\\\" "));
  const std::string decoded = percent_decoded(value.substr(0, TextRoom::kSlack));
  const std::string_view scope = decoded;
  const std::size_t end = scope.rfind(':');
  if (!scope.starts_with(':') || end == 0 || !is_name(scope.substr(1, end - 1))) return {};
  scope.copy(room.end(), end - 1, 1);
  return room.keep(end - 1);
}

// "failed to push manifest, tag: T, …", "reading manifest T in H/N", "unknown tag=T".
std::string_view tag_in(std::string_view text) {
  for (const std::string_view marker : {", tag: ", "unknown tag=", "tagged by ", "manifest "}) {
    const std::string_view word = word_behind(text, marker);
    if (word.empty() || word.ends_with(':')) continue;
    if (marker != "manifest ") return word;
    const std::string_view rest =
        text.substr(static_cast<std::size_t>(word.data() - text.data()) + word.size(), 4);
    if (rest.starts_with(" in ") || rest.starts_with(" to ")) return word;
  }
  return {};
}

// More than one missing part: the answer as a whole says which.
bool names_several(std::string_view text) {
  const std::string_view first = digest_from(text);
  if (first.empty()) return false;
  const std::size_t behind = static_cast<std::size_t>(first.data() - text.data()) + first.size();
  const std::string_view second = digest_from(text.substr(behind));
  return !second.empty() && second != first;
}

void take_subjects(std::string_view text, std::size_t code_at, Scratch& scratch, Record& out) {
  take_path(text, out);
  const std::string_view digest = digest_about(text, code_at);
  put_if_absent(out.digest, digest);
  if (!out.uri.empty()) return;
  const std::string_view tail = text.substr(code_at);
  if (out.name.empty()) {
    if (const std::string_view image = image_in(text); !image.empty()) take_image(image, out);
    for (const std::string_view key : {"Name", "name", "manifest"})
      if (const std::string_view name = value_behind(tail, key); is_name(name))
        put_if_absent(out.name, name);
  }
  if (out.name.empty()) put_if_absent(out.name, name_of_scope(text, scratch.room));
  put_if_absent(out.reference, value_behind(tail, "Tag"));
  put_if_absent(out.reference, tag_in(text));
}

// "artifact N:T not found", "repository N not found" (Harbor), "manifest for N:T not found"
// (docker): there is no code in the words.
Said code_of_missing(std::string_view text) {
  struct Sentence {
    std::string_view head, code;
  };
  for (const Sentence& s :
       {Sentence{"manifest for ", "manifest unknown"}, Sentence{"artifact ", "NOT_FOUND"},
        Sentence{"repository ", "NOT_FOUND"}}) {
    const std::size_t at = text.find(s.head);
    if (at == std::string_view::npos || (at > 0 && word_char(text[at - 1]))) continue;
    const std::string_view rest = text.substr(at + s.head.size());
    const std::size_t end = rest.find(' ');
    if (end == std::string_view::npos || !rest.substr(end).starts_with(" not found")) continue;
    return {s.code, at};
  }
  return {};
}

// "H/N:T: not found": containerd's words, and those of all that call its library (oras-go
// registry/remote 2.3, helm).
bool take_image_not_found(std::string_view text, Record& out) {
  constexpr std::string_view kEnd = ": not found";
  for (std::size_t at = text.find(kEnd); at != std::string_view::npos;
       at = text.find(kEnd, at + 1)) {
    const std::string_view before = text.substr(0, at);
    const std::size_t blank = before.find_last_of(kWordEnds);
    const Image image = image_of(before.substr(blank == std::string_view::npos ? 0 : blank + 1));
    if (!image.has_host || !image.is_exact) continue;
    take_image(image.text, out);
    return true;
  }
  return false;
}

}  // namespace

bool is_rest_of_record(std::string_view text) {
  if (text.starts_with("status code: ") && contains(text, "request id: ")) return true;
  return contains(text, "\" err.message=") && contains(text, " go.version=");
}

bool take_spoken_error(std::string_view text, Scratch& scratch, Record& out) {
  if (is_rest_of_record(trimmed(text))) return false;
  text = text.substr(0, kMost);
  if (!may_speak(text)) return false;
  Said said = code_of_body(text);
  if (!said.code.empty() && out.code.empty()) take_embedded_body(text, scratch, out);
  if (said.code.empty()) said = code_of_words(text);
  if (said.code.empty()) said = code_of_missing(text);
  if (said.code.empty() && out.uri.empty() && out.name.empty() && take_image_not_found(text, out))
    return out.is_spoken = true;
  if (said.code.empty()) {
    // No word of a code: a status and a path of the API tell as much.
    const int status = status_in(text);
    if (status < 0 || !out.uri.empty()) return false;
    take_path(text, out);
    if (out.uri.empty()) return false;
    out.status = status;
    put_if_absent(out.digest, digest_about(text, 0));
    return out.is_spoken = true;
  }
  put_if_absent(out.code, said.code);
  if (out.status < 0) out.status = status_in(text);
  put_if_absent(out.error_message, text.substr(said.at));
  take_subjects(text, said.at, scratch, out);
  if (names_several(text.substr(said.at))) out.error_detail = text.substr(said.at);
  return out.is_spoken = true;
}

}  // namespace regtriage
