// Records: the whole input is one payload (an open record's may hold line ends). All views can be
// read, a used parser says what a fresh one says, and what parse() takes by its head,
// starts_record() takes too. Fast ways say what their slow twins say.
#include "format/format.h"
#include "format/json_reader.h"
#include "fuzz.h"

namespace {

using namespace regtriage;

constexpr std::string_view Record::*kTexts[] = {
    &Record::time_text, &Record::message,     &Record::request_id,   &Record::method,
    &Record::host,      &Record::uri,         &Record::remote,       &Record::agent,
    &Record::referer,   &Record::name,        &Record::content_type, &Record::reference,
    &Record::digest,    &Record::uuid,        &Record::user,         &Record::instance,
    &Record::service,   &Record::version,     &Record::code,         &Record::error_message,
    &Record::error,     &Record::error_detail};

void require_same(const Record& a, const Record& b) {
  FUZZ_REQUIRE(a.format == b.format && a.level == b.level && a.time == b.time);
  FUZZ_REQUIRE(a.status == b.status && a.written == b.written && a.duration_ns == b.duration_ns);
  FUZZ_REQUIRE(a.relative_s == b.relative_s && a.suspicious == b.suspicious);
  for (const auto text : kTexts) FUZZ_REQUIRE(a.*text == b.*text);  // reads every byte
  FUZZ_REQUIRE(a.fields.size() == b.fields.size());
  for (std::size_t i = 0; i < a.fields.size(); ++i)
    FUZZ_REQUIRE(a.fields[i].key == b.fields[i].key && a.fields[i].value == b.fields[i].value);
}

void require_same_json(std::string_view payload) {
  static JsonReader flat, any;
  if (!flat.read_flat(payload)) return;
  FUZZ_REQUIRE(any.read_any(payload));
  FUZZ_REQUIRE(flat.fields().size() == any.fields().size());
  for (std::size_t i = 0; i < flat.fields().size(); ++i) {
    const JsonField &a = flat.fields()[i], &b = any.fields()[i];
    FUZZ_REQUIRE(a.key == b.key && a.value == b.value && a.kind == b.kind);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static RecordParser used;
  RecordParser fresh;
  const std::string_view payload = text_of(data, size);
  require_same_json(payload);
  Record a, b;
  const Parsed parsed = used.parse(payload, a);
  FUZZ_REQUIRE(fresh.parse(payload, b) == parsed);
  require_same(a, b);
  FUZZ_REQUIRE(parsed != Parsed::not_mine || a.format == Format::text);
  FUZZ_REQUIRE(parsed == Parsed::not_mine || a.format == Format::plain ||
               a.format == Format::text || starts_record(payload));
  if (const auto head = try_head(payload)) {  // the fast look says what the parser says
    FUZZ_REQUIRE(parsed == Parsed::record && a.format == Format::logfmt);
    FUZZ_REQUIRE(a.level == head->level && a.time == head->time && a.message == head->message);
  }
  FUZZ_REQUIRE(a.status >= -1 && a.written >= -1 && a.duration_ns >= -1 && a.relative_s >= -1);
  return 0;
}
