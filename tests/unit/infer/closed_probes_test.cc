// Closed probes (infer/history.h): the question and its upload, and nothing else about that layer
// before. Every other probe stays in the indexes, for it may tell of a loss.
#include <catch2/catch.hpp>

#include "infer/history.h"
#include "story.h"

using namespace regtriage;
using namespace regtriage::story;

namespace {

std::size_t closed_in(const Story& story) {
  const Facts facts = story.facts();
  const History history(facts);
  for (const History::ClosedProbe& closed : history.closed_probes) {
    REQUIRE(facts.events[closed.probe].status == 404);
    REQUIRE(facts.events[closed.proof].status == 201);
    REQUIRE(history.is_closed(facts.events[closed.probe]));
  }
  // Closed or not, a push's probes are noise with the upload as their proof.
  for (const Judged& judged : judge(facts, {}).judged)
    if (!judged.is_touch && facts.events[judged.index].method == Method::HEAD &&
        facts.events[judged.index].status == 404 && judged.verdict == Verdict::noise)
      REQUIRE(judged.proof);
  return history.closed_probes.size();
}

}  // namespace

TEST_CASE("the questions of a plain push are closed") {
  Story story;
  story.push("team/app", "v1", "abc").wait(600).pull("team/app", "v1", 'm', "abc");
  CHECK(closed_in(story) == 3);
  const Judgement judgement = story.judged();
  CHECK(judgement.codes.at("BLOB_UNKNOWN").noise == 3);
  CHECK(judgement.findings.empty());
}

TEST_CASE("a question about a layer that was there before is open") {
  Story seen, read, stored;
  seen.head("team/app", 'a', 200).wait(600).push("team/app", "v1", "a");
  CHECK(closed_in(seen) == 0);
  read.get("team/app", 'a', 200).wait(600).push("team/app", "v1", "a");
  CHECK(closed_in(read) == 0);
  stored.push("team/app", "v1", "a").wait(600).push("team/app", "v2", "a");
  CHECK(closed_in(stored) == 0);
}

TEST_CASE("a question that somebody else answers, or nobody, is open") {
  Story other, nobody, late;
  other.head("team/app", 'a', 404);
  other.client = "10.0.0.8";
  other.send("team/app", 'a');
  CHECK(closed_in(other) == 0);
  nobody.head("team/app", 'a', 404);
  CHECK(closed_in(nobody) == 0);
  late.head("team/app", 'a', 404).wait(7 * 3600).send("team/app", 'a');
  CHECK(closed_in(late) == 0);
}

TEST_CASE("a layer that is asked for again and is gone keeps its whole story") {
  Story story;
  story.push("team/app", "v1", "ab").wait(600).get("team/app", 'a', 404);
  CHECK(closed_in(story) == 1);
  const Judgement judgement = story.judged();
  CHECK(judgement.codes.at("BLOB_UNKNOWN").noise == 2);
  REQUIRE_FALSE(judgement.findings.empty());
}

TEST_CASE("a line beside the question keeps it open") {
  Story story;
  story.helper("error", "something else about it", "HEAD", "/v2/team/app/blobs/" + digest('a'))
      .push("team/app", "v1", "a");
  CHECK(closed_in(story) == 0);
}
