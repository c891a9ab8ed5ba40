// What errors say they are about: `detail` (an object whose names differ from product to product, a
// digest, a list of accesses) or only the message: a quoted path, a quoted or named repository, a
// digest, Harbor's sentences ("artifact R:T not found", "repo R, tag T not found"). Sources:
// distribution registry/api/errcode/errors.go v2.8.3; harbor src/lib/http/error.go v2.13; zot
// pkg/api/errors/errors.go v2.1; quay endpoints/v2/errors.py; what ECR, GCR and ACR answer.
#include "format/formats/error_words.h"

#include <array>

#include "base/text.h"

namespace regtriage {
namespace {

constexpr std::string_view kWordEnds = " \t\"'`,;()<>[]{}\\";

// The first object in an array's text, its braces counted outside of strings; empty if none closes.
std::string_view first_object(std::string_view array) {
  const std::size_t begin = array.find('{');
  if (begin == std::string_view::npos) return {};
  std::size_t depth = 0;
  bool inside = false;
  for (std::size_t at = begin; at < array.size(); ++at) {
    const char c = array[at];
    if (inside) {
      if (c == '\\')
        ++at;
      else if (c == '"')
        inside = false;
    } else if (c == '"') {
      inside = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return array.substr(begin, at + 1 - begin);
    }
  }
  return {};
}

}  // namespace

std::string_view word_behind(std::string_view text, std::string_view marker) {
  const std::size_t at = text.find(marker);
  if (at == std::string_view::npos) return {};
  std::string_view rest = text.substr(at + marker.size());
  while (!rest.empty() && (rest[0] == '\'' || rest[0] == '"' || rest[0] == '`' || rest[0] == ' '))
    rest.remove_prefix(1);
  return rest.substr(0, rest.find_first_of(kWordEnds));
}

namespace {

std::string_view digest_in(std::string_view text) {
  for (std::size_t at = text.find("sha"); at != std::string_view::npos;
       at = text.find("sha", at + 3)) {
    const std::string_view word = text.substr(at, text.substr(at).find_first_of(kWordEnds));
    if (is_digest(word)) return word;
  }
  return {};
}

void put_if_absent(std::string_view& slot, std::string_view value) {
  if (slot.empty() && !value.empty()) slot = value;
}

}  // namespace

void take_image(std::string_view image, Record& out) {
  if (const std::size_t slash = image.find('/'); slash != std::string_view::npos) {
    const std::string_view host = image.substr(0, slash);
    if (host == "localhost" || host.find_first_of(".:") != std::string_view::npos)
      image.remove_prefix(slash + 1);
  }
  if (const std::size_t at = image.find('@'); at != std::string_view::npos) {
    put_if_absent(out.name, image.substr(0, at));
    put_if_absent(out.reference, image.substr(at + 1));
  } else if (const std::size_t colon = image.rfind(':');
             colon != std::string_view::npos && image.find('/', colon) == std::string_view::npos) {
    put_if_absent(out.name, image.substr(0, colon));
    put_if_absent(out.reference, image.substr(colon + 1));
  } else {
    put_if_absent(out.name, image);
  }
}

namespace {

void take_from_detail_object(const JsonReader& detail, Record& out) {
  struct Known {
    std::string_view key;
    std::string_view Record::*slot;
  };
  static constexpr std::array kKnown = {
      Known{"Tag", &Record::reference},       Known{"tag", &Record::reference},
      Known{"Revision", &Record::reference},  Known{"revision", &Record::reference},
      Known{"reference", &Record::reference}, Known{"Reference", &Record::reference},
      Known{"Name", &Record::name},           Known{"name", &Record::name},
      Known{"repository", &Record::name},     Known{"manifest", &Record::name},
      Known{"digest", &Record::digest},       Known{"Digest", &Record::digest},
      Known{"blob", &Record::digest},         Known{"session_id", &Record::uuid}};
  for (const JsonField& field : detail.fields()) {
    if (field.kind != JsonKind::text) continue;
    for (const Known& known : kKnown)
      if (known.key == field.key) put_if_absent(out.*known.slot, field.value);
  }
}

}  // namespace

void take_error_sentence(std::string_view text, Record& out) {
  if (const std::size_t at = text.find("/v2/"); at != std::string_view::npos) {
    put_if_absent(out.uri, text.substr(at, text.substr(at).find_first_of(" \"'`<>\\")));
    return;
  }
  if (text.starts_with("artifact ") && text.ends_with(" not found"))
    return take_image(word_behind(text, "artifact "), out);
  if (const std::string_view name = word_behind(text, "repo "); !name.empty()) {
    put_if_absent(out.name, name);
    put_if_absent(out.reference, word_behind(text, ", tag "));
  }
  for (const std::string_view marker :
       {"repository with name ", "Repository name: ", "repository name \"", "name="})
    put_if_absent(out.name, word_behind(text, marker));
  if (text.starts_with("repository ") || text.starts_with("Repository "))
    put_if_absent(out.name, word_behind(text.substr(1), "epository "));
  for (const std::string_view marker :
       {"unknown tag=", "tagged by ", "tag with name ", "with tag "})
    put_if_absent(out.reference, word_behind(text, marker));
  put_if_absent(out.digest, digest_in(text));
}

namespace {

void take_detail(const JsonField& detail, Scratch& scratch, Record& out) {
  if (detail.kind == JsonKind::null) return;
  out.error_detail = detail.value;
  const std::string_view object = detail.kind == JsonKind::object  ? detail.value
                                  : detail.kind == JsonKind::array ? first_object(detail.value)
                                                                   : std::string_view();
  if (!object.empty() && scratch.detail.read(object))
    take_from_detail_object(scratch.detail, out);
  else if (detail.kind == JsonKind::text)
    take_error_sentence(detail.value, out);
}

}  // namespace

bool take_error_body(std::string_view body, Scratch& scratch, Record& out) {
  const std::string_view object = first_object(body);
  if (object.empty() || !scratch.body.read(object)) return false;
  const JsonField* const errors = scratch.body.find("errors");
  if (errors == nullptr || errors->kind != JsonKind::array) return false;
  const std::string_view first = first_object(errors->value);
  if (first.empty() || !scratch.error.read(first)) return false;
  const JsonField* const code = scratch.error.find("code");
  const JsonField* const message = scratch.error.find("message");
  if (code == nullptr || code->kind != JsonKind::text || code->value.empty()) return false;
  out.code = code->value;
  if (message != nullptr && message->kind == JsonKind::text) out.error_message = message->value;
  if (const JsonField* const detail = scratch.error.find("detail"))
    take_detail(*detail, scratch, out);
  take_error_sentence(out.error_message, out);
  return true;
}

bool take_embedded_body(std::string_view text, Scratch& scratch, Record& out) {
  const std::size_t at = text.find("{\"errors\":");
  return at != std::string_view::npos && take_error_body(text.substr(at), scratch, out);
}

}  // namespace regtriage
