// Each renderer against a file of tests/golden/report. REGTRIAGE_UPDATE=1 writes the files anew;
// `git diff` then shows what changed.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "sample_report.h"

namespace regtriage {
namespace {

void require_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(REGTRIAGE_SOURCE_DIR) + "/tests/golden/report/" + name;
  if (std::getenv("REGTRIAGE_UPDATE") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream file(path, std::ios::binary);
  const std::string expected((std::istreambuf_iterator<char>(file)), {});
  INFO(path);
  REQUIRE(text == expected);
}

TEST_CASE("every output of the sample report is as its golden file says") {
  const SampleReport sample = sample_report();
  for (const Renderer& renderer : renderers()) {
    ReportModel model = sample.model();
    model.sessions = true;
    require_golden("sample." + std::string(renderer.name), rendered(renderer.name, model));
  }
}

TEST_CASE("lines are listed with --events") {
  const SampleReport sample = sample_report();
  ReportModel model = sample.model();
  model.events = true;
  require_golden("events.json", rendered("json", model));
  require_golden("events.csv", rendered("csv", model));
}

TEST_CASE("a terminal gets colours, short digests and its width") {
  const SampleReport sample = sample_report();
  ReportModel model = sample.model();
  model.color = true;
  model.short_digests = true;
  model.width = 120;
  require_golden("terminal.text", rendered("text", model));
}

TEST_CASE("a canonical report has no positions and no sources") {
  const SampleReport sample = sample_report();
  ReportModel model = sample.model();
  model.canonical = true;
  model.events = true;
  const std::string text = rendered("json", model);
  require_golden("canonical.json", text);
  for (const char* word : {"registry.log", "\"offset\"", "\"line\"", "\"input\""})
    REQUIRE(text.find(word) == std::string::npos);
}

TEST_CASE("hidden names are nowhere in any output") {
  const SampleReport sample = sample_report();
  for (const Renderer& renderer : renderers()) {
    ReportModel model = sample.model();
    model.events = true;
    model.hide = ReportModel::Hide::names;
    const std::string names = rendered(renderer.name, model);
    for (const char* name : {"team/app", "10.0.0.7", "registry.log", "skopeo"})
      REQUIRE(names.find(name) == std::string::npos);
    REQUIRE(names.find("repository-1") != std::string::npos);
    model.hide = ReportModel::Hide::all;
    REQUIRE(rendered(renderer.name, model).find("1111111111") == std::string::npos);
  }
}

TEST_CASE("nothing wrong is said in one sentence, with what was looked at") {
  SampleReport sample = sample_report();
  sample.judgement.findings.clear();
  sample.judgement.judged.pop_back();
  require_golden("nothing_wrong.text", rendered("text", sample.model()));
}

TEST_CASE("nothing can be said about a source that was not understood") {
  SampleReport sample = sample_report();
  sample.judgement = {};
  SourceReport& source = sample.facts.sources[0];
  source.accepted = 0;
  source.status = SourceReport::Status::not_understood;
  REQUIRE(rendered("text", sample.model()).starts_with("Nothing can be said"));
}

TEST_CASE("one finding is picked by the beginning of its id") {
  const SampleReport sample = sample_report();
  ReportModel model = sample.model();
  model.only = "0000";
  const std::string text = rendered("csv", model);
  REQUIRE(text.find("0000000000ff") != std::string::npos);
  REQUIRE(text.find("a1b2c3d4e5f6") == std::string::npos);
}

TEST_CASE("a limited ticket ends between findings and counts what is left out") {
  const SampleReport sample = sample_report();
  for (const char* name : {"markdown", "jira"}) {
    ReportModel model = sample.model();
    const std::size_t whole = rendered(name, model).size();
    for (std::size_t limit = 300; limit < whole; limit += 100) {
      model.max_chars = limit;
      const std::string text = rendered(name, model);
      INFO(name << " " << limit);
      REQUIRE(text.size() <= limit);
      const bool all =
          text.find("What else it could be", text.find("0000000000ff")) != std::string::npos;
      REQUIRE((text.find("left out here for length") == std::string::npos) == all);
    }
  }
}

TEST_CASE("lists over a hundred are cut and counted, unless all is asked for") {
  SampleReport sample = sample_report();
  std::vector<std::string>& digests = sample.judgement.findings[0].digests;
  for (int i = 0; i < 150; ++i) digests.push_back("sha256:" + std::to_string(i));
  ReportModel model = sample.model();
  REQUIRE(rendered("json", model).find("\"digests_total\": 151") != std::string::npos);
  model.full = true;
  REQUIRE(rendered("json", model).find("digests_total") == std::string::npos);
}

}  // namespace
}  // namespace regtriage
