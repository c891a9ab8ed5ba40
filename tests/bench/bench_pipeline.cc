// Bytes per second of each step on one real log (tests/data/captures/20-haystack/v283-1).
#include <benchmark/benchmark.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "classify/classifier.h"
#include "format/format.h"
#include "infer/judge.h"
#include "ingest/ingest.h"

namespace {

using namespace regtriage;

const std::string& log_text() {
  static const std::string text = [] {
    std::ifstream stream(REGTRIAGE_SOURCE_DIR
                         "/tests/data/captures/20-haystack/v283-1/registry.log",
                         std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }();
  return text;
}

const Classifier& classifier() {
  static const Classifier made = Classifier::make({}).value();
  return made;
}

template <class Use>
void for_each_line(std::string_view text, const Use& use) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    use(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

void count_bytes(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(log_text().size()));
}

void peel_lines(benchmark::State& state) {
  EnvelopePeeler peeler;
  Envelope envelope;
  for (auto _ : state) {
    for_each_line(log_text(), [&](std::string_view line) {
      benchmark::DoNotOptimize(peeler.peel(line, envelope));
    });
  }
  count_bytes(state);
}
BENCHMARK(peel_lines);

void parse_records(benchmark::State& state) {
  RecordParser parser;
  for (auto _ : state) {
    for_each_line(log_text(), [&](std::string_view line) {
      Record record;
      benchmark::DoNotOptimize(parser.parse(line, record));
    });
  }
  count_bytes(state);
}
BENCHMARK(parse_records);

void parse_and_classify(benchmark::State& state) {
  RecordParser parser;
  Classifier::Scratch scratch;
  for (auto _ : state) {
    for_each_line(log_text(), [&](std::string_view line) {
      Record record;
      EventDraft draft;
      if (parser.parse(line, record) != Parsed::record) return;
      classifier().classify(record, line, "", scratch, draft);
      benchmark::DoNotOptimize(draft.kind);
    });
  }
  count_bytes(state);
}
BENCHMARK(parse_and_classify);

Facts facts_of_log(unsigned threads) {
  IngestOptions options;
  options.threads = threads;
  const std::atomic<bool> stop{false};
  return ingest({{"log", log_text(), true}}, classifier(), options, stop, {});
}

void ingest_log(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(facts_of_log(static_cast<unsigned>(state.range(0))));
  count_bytes(state);
}
BENCHMARK(ingest_log)->Arg(1)->Arg(2)->UseRealTime();

void judge_facts(benchmark::State& state) {
  const Facts facts = facts_of_log(1);
  for (auto _ : state) benchmark::DoNotOptimize(judge(facts, {}));
  count_bytes(state);
}
BENCHMARK(judge_facts);

}  // namespace
