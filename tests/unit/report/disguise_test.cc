#include "report/disguise.h"

#include <catch2/catch.hpp>

#include "sample_report.h"

namespace regtriage {
namespace {

using Hide = ReportModel::Hide;

std::string summary_hidden(const std::string& summary, Hide hide) {
  SampleReport sample = sample_report();
  sample.judgement.findings[0].summary = summary;
  return disguise(sample.facts, sample.judgement, hide).judgement.findings[0].summary;
}

TEST_CASE("names are hidden in sentences, paths and references, and only whole names") {
  REQUIRE(summary_hidden("team/app lost it.", Hide::names) == "repository-1 lost it.");
  REQUIRE(summary_hidden("GET /v2/team/app/blobs/x", Hide::names) ==
          "GET /v2/repository-1/blobs/x");
  REQUIRE(summary_hidden("team/app:v1 by (10.0.0.7:5000)", Hide::names) ==
          "repository-1:tag-1 by (client-1:5000)");
  REQUIRE(summary_hidden("team/app-two, my-team/app", Hide::names) == "team/app-two, my-team/app");
}

TEST_CASE("digests stay with names and go with all, in paths of the storage, too") {
  const std::string digits(64, '1');
  const std::string text = "blobs/sha256/11/" + digits + "/data of sha256:" + digits;
  REQUIRE(summary_hidden(text, Hide::names) == text);
  REQUIRE(summary_hidden(text, Hide::all) == "blobs/sha256/11/digits-1/data of digest-1");
}

TEST_CASE("with all the text of lines is left out") {
  const SampleReport sample = sample_report();
  const Disguised hidden = disguise(sample.facts, sample.judgement, Hide::all);
  REQUIRE(hidden.judgement.findings[0].evidence[0].text == "[redacted]");
  REQUIRE_FALSE(hidden.facts.events[0].request);
}

TEST_CASE("a source whose name has blanks is hidden in its own error") {
  SampleReport sample =
      sample_report("team/app", "sha256:" + std::string(64, '1'), "my logs/a b.gz");
  sample.facts.sources[0].error = "'my logs/a b.gz' is cut short";
  const Disguised hidden = disguise(sample.facts, sample.judgement, Hide::names);
  REQUIRE(hidden.facts.sources[0].name == "source-1");
  REQUIRE(hidden.facts.sources[0].error == "'source-1' is cut short");
}

TEST_CASE("a word of very many parts is hidden as a whole") {
  std::string word = "a";
  for (int i = 0; i < 1000; ++i) word += "/a";
  REQUIRE(summary_hidden(word, Hide::names) == "[redacted]");
}

}  // namespace
}  // namespace regtriage
