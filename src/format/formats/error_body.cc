// The body of a registry's refusal, as a client or curl shows it (OCI distribution-spec 1.1.1,
// "Error Codes"):
//
//   {"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"v1"}}]}
//   unknown: http status code: 404, body: {"errors":[…]}
//
// and objects that stand over several lines. The first error counts. The second form, how Harbor's
// core passes another registry's body on (harbor src/lib/http/error.go v2.13), is one of many ways
// in which a text tells of an answer (spoken_error.h).
#include "base/text.h"
#include "format/formats/error_words.h"
#include "format/formats/formats.h"
#include "format/formats/spoken_error.h"

namespace regtriage {
namespace {

void begin_text(std::string_view payload, Record& out) {
  out = Record{};
  out.format = Format::text;
  out.message = payload;
}

// The answer of `aws s3api list-objects-v2`: its keys are read line by line.
bool is_listing(std::string_view payload) {
  constexpr std::size_t kHead = 64;
  return trimmed(payload.substr(1, kHead)).starts_with("\"Contents\"");
}

// An object that is spread over lines begins with a brace alone.
bool is_spread(std::string_view payload) {
  return payload.starts_with('{') && (trimmed(payload.substr(1)).empty() ||
                                      payload.substr(0, 3).find('\n') != std::string_view::npos);
}

}  // namespace

bool error_body_begins(std::string_view payload) {
  constexpr std::size_t kHead = 64;
  return payload.starts_with('{') &&
         (trimmed(payload.substr(1, kHead)).starts_with("\"errors\"") || is_spread(payload));
}

Parsed parse_error_body(std::string_view payload, Scratch& scratch, Record& out) {
  begin_text(payload, out);
  const std::string_view text = trimmed(payload);
  const bool whole = text.ends_with('}') && scratch.json.read(text);
  if (whole && take_error_body(text, scratch, out)) return Parsed::record;
  if (!is_spread(payload) || is_listing(payload)) return Parsed::not_mine;
  return whole ? parse_json(text, scratch, out) : Parsed::open;
}

bool spoken_error_begins(std::string_view) { return false; }  // it has no head of its own

Parsed parse_spoken_error(std::string_view payload, Scratch& scratch, Record& out) {
  begin_text(payload, out);
  scratch.room.begin(payload.size());
  return take_spoken_error(payload, scratch, out) ? Parsed::record : Parsed::not_mine;
}

}  // namespace regtriage
