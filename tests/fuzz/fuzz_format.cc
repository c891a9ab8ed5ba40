// format: each line through the envelopes and the record parser, as ingest does it.
#include <string>

#include "format/format.h"
#include "fuzz.h"

namespace {

using namespace regtriage;

bool lies_inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// A second parser that has seen nothing must say the same: the sticky guess never changes a result.
void check_same(std::string_view payload, Parsed said, const Record& record) {
  RecordParser fresh;
  Record again;
  FUZZ_REQUIRE(fresh.parse(payload, again) == said);
  if (said == Parsed::not_mine) return;
  FUZZ_REQUIRE(again.format == record.format && again.time == record.time &&
               again.level == record.level);
  FUZZ_REQUIRE(again.message == record.message && again.status == record.status);
  FUZZ_REQUIRE(again.uri == record.uri && again.request_id == record.request_id);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  EnvelopePeeler peeler;
  peeler.set_options({2026, 0});
  RecordParser parser;
  for_each_line(text_of(data, size), [&](std::string_view line) {
    Envelope envelope;
    if (!peeler.peel(line, envelope)) return;
    Record record;
    const std::string payload(envelope.payload);
    const Parsed said = parser.parse(payload, record);
    if (said != Parsed::not_mine)
      FUZZ_REQUIRE(lies_inside(record.time_text, payload) || record.time_text.size() < 64);
    check_same(payload, said, record);
    starts_record(payload);
  });
  return 0;
}
