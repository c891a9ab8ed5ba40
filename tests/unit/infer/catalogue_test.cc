// The catalogue of causes: complete, consistent, and safe to follow.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "infer/judge.h"

using namespace regtriage;

namespace {

using Causes = std::set<CauseId>;

std::vector<std::string_view> lists_of(const CauseInfo& row) {
  std::vector<std::string_view> all(row.remedy.begin(), row.remedy.end());
  all.insert(all.end(), row.do_not.begin(), row.do_not.end());
  all.insert(all.end(), row.confirm.begin(), row.confirm.end());
  return all;
}

std::vector<std::string_view> texts_of(const CauseInfo& row) {
  std::vector<std::string_view> all = lists_of(row);
  all.insert(all.end(), {row.title, row.explanation, row.told_apart});
  return all;
}

bool holds(std::string_view text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) ==
                  std::tolower(static_cast<unsigned char>(b));
         }) != text.end();
}

bool any_holds(std::span<const std::string_view> texts, std::string_view word) {
  return std::any_of(texts.begin(), texts.end(), [&](auto text) { return holds(text, word); });
}

// All "{word}" of a text; "{}" where a brace is open or alone.
std::vector<std::string> placeholders_of(std::string_view text) {
  std::vector<std::string> found;
  for (std::size_t at = 0; (at = text.find('{', at)) != std::string_view::npos; ++at) {
    const std::size_t end = text.find('}', at);
    found.emplace_back(end == std::string_view::npos ? "{}" : text.substr(at, end - at + 1));
  }
  return found;
}

std::size_t sentences_in(std::string_view text) {
  std::size_t ends = 1;  // the last one has nothing behind it
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const bool stop = text[i] == '.' || text[i] == ':' || text[i] == ';';
    ends += stop && text[i] == '.' && text[i + 1] == ' ' &&
            std::isupper(static_cast<unsigned char>(text[i + 2]));
  }
  return ends;
}

CauseClass class_of(CauseId id) {
  if (id <= CauseId::collector_delete_of_missing) return CauseClass::noise;
  if (id <= CauseId::deleted_by_client) return CauseClass::request;
  if (id <= CauseId::storage_file_corrupt) return CauseClass::storage;
  if (id <= CauseId::certificate_or_name_failure) return CauseClass::deployment;
  if (id <= CauseId::proxy_cache_push_race) return CauseClass::upstream;
  return id == CauseId::undetermined ? CauseClass::undetermined : CauseClass::harbor;
}

// Where stale notes in a descriptor cache stop the repair, and only there, clearing it is advice.
const Causes kClearCache = {
    CauseId::stale_descriptor_cache,
    CauseId::blob_data_missing,
    CauseId::manifest_revision_missing,
    CauseId::manifest_data_missing,
    CauseId::index_child_deleted,
    CauseId::deleted_by_garbage_collection,
    CauseId::garbage_collection_during_push,
    CauseId::storage_root_changed,
    CauseId::cache_shared_by_two_registries,
    CauseId::storage_file_corrupt,
    CauseId::stale_pull_through_cache,
    CauseId::harbor_content_missing,
    CauseId::harbor_gc_window,
};

bool clears_descriptor_cache(const CauseInfo& row) {
  return any_holds(row.remedy, "blobs::*") && any_holds(row.remedy, "repository::*");
}

}  // namespace

TEST_CASE("every cause has a row of its own, in the order of CauseId") {
  REQUIRE(all_causes().size() == static_cast<std::size_t>(CauseId::count_));
  for (std::size_t i = 0; i < all_causes().size(); ++i) {
    const auto id = static_cast<CauseId>(i);
    INFO(word_of(id));
    CHECK(all_causes()[i].id == id);
    CHECK(&info_of(id) == &all_causes()[i]);
  }
}

TEST_CASE("an id beyond the list is answered as undetermined") {
  CHECK(info_of(CauseId::count_).id == CauseId::undetermined);
}

TEST_CASE("every cause has all its texts, and no two share a title or an explanation") {
  std::set<std::string_view> titles, explanations;
  for (const CauseInfo& row : all_causes()) {
    INFO(word_of(row.id));
    for (const std::string_view text : texts_of(row)) CHECK(text.size() > 8);
    CHECK(!row.remedy.empty());
    CHECK(!row.do_not.empty());
    CHECK(!row.confirm.empty());
    CHECK(titles.insert(row.title).second);
    CHECK(explanations.insert(row.explanation).second);
  }
}

TEST_CASE("a title is one short line, an explanation two to five sentences") {
  for (const CauseInfo& row : all_causes()) {
    INFO(word_of(row.id) << ": " << row.explanation);
    CHECK(row.title.size() <= 90);
    CHECK(row.title.back() != '.');
    CHECK(sentences_in(row.explanation) >= 2);
    CHECK(sentences_in(row.explanation) <= 5);
    CHECK(row.explanation.back() == '.');
    CHECK(row.told_apart.back() == '.');
  }
}

TEST_CASE("a piece of advice fits into 160 characters and is one line") {
  for (const CauseInfo& row : all_causes()) {
    for (const std::string_view text : lists_of(row)) {
      INFO(word_of(row.id) << ": " << text);
      CHECK(text.size() <= 160);
      CHECK(text.find('\n') == std::string_view::npos);
    }
  }
}

TEST_CASE("class, verdict and severity of a cause agree") {
  for (const CauseInfo& row : all_causes()) {
    INFO(word_of(row.id));
    CHECK(row.cause_class == class_of(row.id));
    CHECK((row.cause_class == CauseClass::noise) == (row.verdict == Verdict::noise));
    CHECK((row.id == CauseId::undetermined) == (row.verdict == Verdict::undetermined));
    CHECK((row.verdict == Verdict::noise) == (row.severity == Severity::info));
    if (row.cause_class == CauseClass::request) CHECK(row.verdict == Verdict::client);
    if (row.cause_class == CauseClass::deployment) CHECK(row.verdict == Verdict::fault);
    if (row.verdict == Verdict::loss) CHECK(row.severity >= Severity::high);
    if (row.verdict == Verdict::client) CHECK(row.severity <= Severity::medium);
  }
}

TEST_CASE("content that was removed on request is the client's, not a loss") {
  CHECK(info_of(CauseId::deleted_by_client).verdict == Verdict::client);
  CHECK(info_of(CauseId::deleted_by_policy).verdict == Verdict::client);
  CHECK(info_of(CauseId::deleted_by_garbage_collection).verdict == Verdict::loss);
}

TEST_CASE("only known placeholders occur, and only in the lists") {
  const std::set<std::string> known = {"{repository}", "{tag}",     "{digest}", "{hex}",
                                       "{hh}",         "{upload}",  "{client}", "{host}",
                                       "{time}",       "{registry}"};
  for (const CauseInfo& row : all_causes()) {
    INFO(word_of(row.id));
    for (const std::string_view text : lists_of(row))
      for (const std::string& name : placeholders_of(text)) CHECK(known.count(name) == 1);
    for (const std::string_view text : {row.title, row.explanation, row.told_apart})
      CHECK(placeholders_of(text).empty());
  }
}

TEST_CASE("clearing the descriptor cache is advised for the causes that it helps, and no others") {
  for (const CauseInfo& row : all_causes()) {
    INFO(word_of(row.id));
    CHECK(clears_descriptor_cache(row) == (kClearCache.count(row.id) == 1));
    const bool core_cache = row.id == CauseId::harbor_manifest_cache;
    if (kClearCache.count(row.id) == 0 && !core_cache) CHECK(!any_holds(row.remedy, "redis-cli"));
  }
}

TEST_CASE("no remedy flushes a whole Redis") {
  for (const CauseInfo& row : all_causes()) {
    INFO(word_of(row.id));
    CHECK(!any_holds(row.remedy, "flush"));
    CHECK(!any_holds(row.confirm, "flush"));
  }
}

TEST_CASE("whoever is told to clear keys is told not to flush everything or not to collect") {
  for (const CauseId id : kClearCache) {
    INFO(word_of(id));
    const auto& warnings = info_of(id).do_not;
    CHECK((any_holds(warnings, "flush") || any_holds(warnings, "garbage-collect")));
  }
}

TEST_CASE("the cache is cleared before the push, never after it") {
  for (const CauseId id : kClearCache) {
    INFO(word_of(id));
    const auto& steps = info_of(id).remedy;
    const auto has = [](std::string_view word) {
      return [word](std::string_view text) { return holds(text, word); };
    };
    const auto clear = std::find_if(steps.begin(), steps.end(), has("blobs::*"));
    const auto push = std::find_if(steps.begin(), steps.end(), [](std::string_view text) {
      return text.starts_with("Push") || text.starts_with("Otherwise");
    });
    CHECK(clear < push);
  }
}

TEST_CASE("no remedy runs garbage-collect; it is only named to keep it in its place") {
  for (const CauseInfo& row : all_causes()) {
    INFO(word_of(row.id));
    CHECK(!any_holds(row.remedy, "garbage-collect /"));
    CHECK(!any_holds(row.remedy, "run garbage-collect."));
    CHECK(!any_holds(row.confirm, "garbage-collect"));
  }
}

TEST_CASE("docker login is a remedy for missing or wrong credentials only") {
  const Causes allowed = {CauseId::auth_missing, CauseId::auth_failed};
  for (const CauseInfo& row : all_causes()) {
    INFO(word_of(row.id));
    CHECK(any_holds(row.remedy, "docker login") == (allowed.count(row.id) == 1));
  }
}

TEST_CASE("a restart is a remedy only where it changes something") {
  const Causes allowed = {CauseId::stale_descriptor_cache, CauseId::stale_pull_through_cache,
                          CauseId::replicas_different_secret, CauseId::harbor_database_down,
                          CauseId::storage_root_changed};
  for (const CauseInfo& row : all_causes()) {
    INFO(word_of(row.id));
    if (any_holds(row.remedy, "restart")) CHECK(allowed.count(row.id) == 1);
  }
}

TEST_CASE("where a new push hides the fault, no remedy asks for one at once") {
  for (const CauseId id : {CauseId::storage_root_changed, CauseId::storage_access_denied,
                           CauseId::upstream_missing, CauseId::upstream_unreachable,
                           CauseId::upstream_rate_limited, CauseId::upstream_error_masked,
                           CauseId::stale_pull_through_cache, CauseId::harbor_proxy_fallback}) {
    INFO(word_of(id));
    for (const std::string_view step : info_of(id).remedy) CHECK(!step.starts_with("Push"));
    CHECK(any_holds(info_of(id).do_not,
                    id == CauseId::upstream_unreachable || id == CauseId::upstream_rate_limited
                        ? "cache"
                        : "push"));
  }
  CHECK(info_of(CauseId::replicas_unshared_storage).remedy.front().starts_with("Run one replica"));
}

TEST_CASE("every warning begins with what not to do") {
  for (const CauseInfo& row : all_causes()) {
    for (const std::string_view text : row.do_not) {
      INFO(word_of(row.id) << ": " << text);
      CHECK(text.starts_with("Do not "));
    }
  }
}

TEST_CASE("a command that confirms shows no passwords and changes no content") {
  for (const CauseInfo& row : all_causes()) {
    for (const std::string_view text : row.confirm) {
      INFO(word_of(row.id) << ": " << text);
      for (const auto word : {" DEL ", "-X DELETE", " rm ", "s3 rm", "-A12 '^storage", "secretkey"})
        CHECK(!holds(text, word));
    }
  }
}

TEST_CASE("a command that asks for a manifest names the types that it accepts first") {
  for (const CauseInfo& row : all_causes()) {
    bool accepts = false;
    for (const std::string_view text : row.confirm) {
      INFO(word_of(row.id) << ": " << text);
      accepts |= text.starts_with("ACCEPT=");
      if (holds(text, "$ACCEPT\"")) CHECK(accepts);
    }
  }
}
