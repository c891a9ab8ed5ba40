#include "format/formats/zot.h"

#include <array>

#include "base/text.h"
#include "base/time.h"
#include "format/formats/error_words.h"

namespace regtriage {
namespace {

const Field* try_field(const Scratch& scratch, std::string_view key) {
  for (const Field& field : scratch.fields)
    if (field.key == key) return &field;
  return nullptr;
}

// zerolog and slog both print the place in the source; no other registry does.
bool is_zot(const Scratch& scratch) {
  const Field* const caller = try_field(scratch, "caller");
  return try_field(scratch, "goroutine") != nullptr ||
         (caller != nullptr &&
          (contains(caller->value, "zotregistry.") || contains(caller->value, "zot/pkg/")));
}

void put_if_absent(std::string_view& slot, std::string_view value) {
  if (slot.empty()) slot = value;
}

void take_text(const Field& field, Record& out) {
  struct Known {
    std::string_view key;
    std::string_view Record::*slot;
  };
  static constexpr std::array kKnown = {
      Known{"path", &Record::uri},       Known{"clientIP", &Record::remote},
      Known{"username", &Record::user},  Known{"repository", &Record::name},
      Known{"repo", &Record::name},      Known{"reference", &Record::reference},
      Known{"tag", &Record::reference},  Known{"digest", &Record::digest},
      Known{"err", &Record::error},      Known{"session", &Record::uuid},
      Known{"sessionID", &Record::uuid}, Known{"session_id", &Record::uuid}};
  for (const Known& known : kKnown)
    if (known.key == field.key) put_if_absent(out.*known.slot, field.value);
  // A call of the logger with one argument too few prints values as keys.
  if (field.value == "reference" && is_digest(field.key)) put_if_absent(out.reference, field.key);
}

void take_number(const Field& field, Record& out) {
  if (field.key == "statusCode" && out.status < 0) out.status = try_i64(field.value).value_or(-1);
  if (field.key == "bodySize" && out.written < 0) out.written = try_i64(field.value).value_or(-1);
  if (field.key == "latency") out.duration_ns = try_go_duration(field.value).value_or(-1);
}

// The first value of a header in {"User-Agent":["…"]}. Header values are JSON texts without escapes
// in all but hostile lines; one with an escape is left out.
std::string_view header_of(std::string_view headers, std::string_view name_and_bracket) {
  const std::size_t at = headers.find(name_and_bracket);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = headers.substr(at + name_and_bracket.size());
  const std::string_view value = rest.substr(0, rest.find('"'));
  return value.find('\\') == std::string_view::npos ? value : std::string_view();
}

// ROOT/NAME/blobs/sha256/HEX of the storage. Where the root ends only its usual names tell.
void take_storage_path(std::string_view text, Scratch& scratch, Record& out) {
  constexpr std::size_t kHex = 64;
  constexpr std::string_view kBlobs = "/blobs/sha256/";
  const std::size_t at = text.find(kBlobs);
  if (at == std::string_view::npos) return;
  const std::string_view hex = text.substr(at + kBlobs.size(), kHex);
  if (out.digest.empty() && hex.size() == kHex && is_hex(hex)) {
    char* const begin = scratch.room.end();
    constexpr std::string_view kAlgorithm = "sha256:";
    kAlgorithm.copy(begin, kAlgorithm.size());
    hex.copy(begin + kAlgorithm.size(), kHex);
    out.digest = scratch.room.keep(kAlgorithm.size() + kHex);
  }
  const std::string_view before = text.substr(0, at);
  for (const std::string_view root :
       {"/var/lib/registry/", "/var/lib/zot/", "/tmp/zot/", "/zot/", "/data/"})
    if (const std::size_t from = before.rfind(root); from != std::string_view::npos)
      return put_if_absent(out.name, before.substr(from + root.size()));
}

// What an error of containers/image or regclient says about the upstream's answer.
void take_error(Scratch& scratch, Record& out) {
  const std::string_view text = out.error;
  if (const std::string_view image = word_behind(text, ", ref "); !image.empty())
    take_image(image, out);
  if (const std::string_view digest = word_behind(text, "digest ");
      out.digest.empty() && is_digest(digest))
    out.digest = digest;
  if (out.code.empty() && !take_embedded_body(text, scratch, out)) {
    for (const std::string_view words :
         {"manifest unknown", "blob unknown", "name unknown", "denied:", "unauthorized:"})
      if (contains(text, words)) {
        out.code = words.ends_with(':') ? words.substr(0, words.size() - 1) : words;
        break;
      }
  }
  take_storage_path(text, scratch, out);
}

}  // namespace

void take_zot_fields(Scratch& scratch, Record& out) {
  if (!is_zot(scratch)) return;
  for (const Field& field : scratch.fields) {
    take_text(field, out);
    take_number(field, out);
    if (field.key == "headers") {
      put_if_absent(out.agent, header_of(field.value, "\"User-Agent\":[\""));
      const std::string_view forwarded = header_of(field.value, "\"X-Forwarded-For\":[\"");
      if (!forwarded.empty()) out.remote = forwarded.substr(0, forwarded.find(','));
    }
  }
  if (!out.error.empty()) take_error(scratch, out);
}

}  // namespace regtriage
