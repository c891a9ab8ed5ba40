// classify: any line that a format takes gives a draft within its bounds, with nothing left to
// redact, and the same one twice.
#include <string>

#include "base/redact.h"
#include "classify/classifier.h"
#include "classify/rule_check.h"
#include "format/format.h"
#include "fuzz.h"

namespace regtriage {
namespace {

constexpr const char* kTexts[] = {"repository", "digest", "tag",     "client", "agent", "user",
                                  "instance",   "upload", "request", "from",   "path",  "detail"};

std::string text_of_draft(const EventDraft& draft) {
  std::string all;
  for (const char* field : kTexts) {
    const std::string value = *draft_value(draft, field);
    FUZZ_REQUIRE(value.size() <= 512);
    // Nothing is left to redact; a cut may have gone through a mark.
    FUZZ_REQUIRE(value.ends_with("…") || redacted(value) == value);
    all += value + "\n";
  }
  return all;
}

}  // namespace
}  // namespace regtriage

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace regtriage;
  static const Result<Classifier> classifier = Classifier::make({});
  FUZZ_REQUIRE(classifier.has_value());
  RecordParser parser;
  Classifier::Scratch scratch, other;
  for_each_line(text_of(data, size), [&](std::string_view line) {
    const std::string payload(line);
    Record record;
    if (parser.parse(payload, record) != Parsed::record) return;
    EventDraft draft, again;
    classifier->classify(record, payload, "pod-1", scratch, draft);
    const std::string text = text_of_draft(draft);
    FUZZ_REQUIRE(draft.status >= -1 && draft.status <= 999);
    FUZZ_REQUIRE(draft.id != EventId{});
    classifier->classify(record, payload, "pod-1", other, again);
    FUZZ_REQUIRE(text_of_draft(again) == text && again.id == draft.id && again.kind == draft.kind);
  });
  return 0;
}
