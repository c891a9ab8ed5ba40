// The whole way from bytes to a report, twice: in one block, and in blocks of 64 bytes on two
// threads. The laws hold on any bytes: the same report, every byte accounted for, valid UTF-8 out,
// and reading twice changes nothing.
#include <atomic>
#include <string>

#include "base/utf8.h"
#include "fuzz.h"
#include "infer/judge.h"
#include "ingest/ingest.h"
#include "report/report.h"

namespace {

using namespace regtriage;

const Classifier& classifier() {
  static const Classifier made = Classifier::make({}).value();
  return made;
}

Facts facts_of(std::string_view text, int times, const IngestOptions& options) {
  std::vector<InputName> inputs;
  for (int i = 0; i < times; ++i) inputs.push_back({"input", std::string(text), true});
  const std::atomic<bool> stop{false};
  return ingest(inputs, classifier(), options, stop, {});
}

std::string report_of(const Facts& facts, const char* format, bool canonical) {
  const Judgement judgement = judge(facts, {});
  const ReportModel model{.facts = facts,
                          .judgement = judgement,
                          .tool_version = "fuzz",
                          .ruleset = classifier().ruleset_version(),
                          .events = true,
                          .full = true,
                          .canonical = canonical,
                          .only = {}};
  std::string out;
  const Renderer* renderer = renderer_named(format);
  if (renderer != nullptr) renderer->render(model, out);
  return out;
}

// Nothing that a terminal would act on leaves the program, whatever came in.
void check_text(const std::string& out) {
  FUZZ_REQUIRE(is_utf8(out));
  for (const char c : out)
    FUZZ_REQUIRE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  IngestOptions plain, small;
  plain.threads = 1;
  small.threads = 2;
  small.block_bytes = 64;
  const Facts facts = facts_of(text, 1, plain);
  const std::string report = report_of(facts, "json", false);
  FUZZ_REQUIRE(report == report_of(facts_of(text, 1, small), "json", false));
  FUZZ_REQUIRE(report_of(facts, "json", true) == report_of(facts_of(text, 2, small), "json", true));
  for (const SourceReport& s : facts.sources) {
    FUZZ_REQUIRE(s.status == SourceReport::Status::unreadable ||
                 s.bytes == s.accepted + s.ignored + s.rejected + s.pending);
  }
  check_text(report);
  for (const char* format : {"text", "markdown"}) check_text(report_of(facts, format, false));
  return 0;
}
