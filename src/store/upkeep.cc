// What takes facts back: forgetting a source, pruning by time; and the watermarks.
#include <tsl/robin_set.h>

#include <algorithm>
#include <iterator>

#include "store/parts.h"

namespace regtriage {

Result<void> set_meta(Database& database, std::string_view key, std::string_view value) {
  Statement put = database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
  return put.bind(1, key).bind(2, value).run();
}

Result<bool> knows_file(Database& database, std::string_view path, std::uint64_t size,
                        std::string_view fingerprint) {
  const std::string name = clean(path);
  Statement find =
      database.prepare("SELECT 1 FROM watermark WHERE path = ? AND size = ? AND fingerprint = ?");
  find.bind(1, name).bind(2, static_cast<std::int64_t>(size));
  return find.bind(3, fingerprint).step();
}

Result<void> remember_file(Database& database, std::string_view path, std::uint64_t size,
                           std::string_view fingerprint) {
  const std::string name = clean(path);
  Statement put = database.prepare(
      "INSERT OR REPLACE INTO watermark (path, size, fingerprint) VALUES (?, ?, ?)");
  put.bind(1, name).bind(2, static_cast<std::int64_t>(size));
  return put.bind(3, fingerprint).run();
}

namespace {

// Numbers of sources or names, or pairs of them: nobody outside chooses them.
using Numbers = tsl::robin_set<std::uint64_t, MixedNumber>;

std::uint64_t number_of(NameId id) { return static_cast<std::uint64_t>(id); }
std::uint64_t pair_of(NameId repository, NameId tag) {
  return number_of(repository) << 32 | number_of(tag);
}

// A sighting in a forgotten source goes; of a touch with one end elsewhere that end stays. False:
// nothing is left.
bool forget_sightings(Touch& touch, const Numbers& forgotten) {
  const bool first = forgotten.contains(touch.first.at.source);
  const bool last = forgotten.contains(touch.last.at.source);
  if (first && last) return false;
  if (first) touch.first = touch.last;
  if (last) touch.last = touch.first;
  return true;
}

// What a newer trouble is about: digests, uploads, and tags with their repository.
struct Needed {
  Numbers names, tags;

  Needed(const Facts& facts, TimeNs before) {
    for (const Event& e : facts.events) {
      if (e.time == kNoTime || e.time < before) continue;
      names.insert(number_of(e.manifest));
      if (e.status < 400 && e.written != 0) continue;
      names.insert(number_of(e.digest));
      names.insert(number_of(e.upload));
      if (e.repository != NameId::none && e.tag != NameId::none)
        tags.insert(pair_of(e.repository, e.tag));
    }
    names.erase(number_of(NameId::none));
  }
  bool has(NameId id) const { return names.contains(number_of(id)); }
  bool has_tag(NameId repository, NameId tag) const {
    return tags.contains(pair_of(repository, tag));
  }
};

}  // namespace

Result<std::uint64_t> forget_source(Database& database, std::string_view name) {
  Result<StoredFacts> stored = load_stored(database);
  if (!stored) return tl::unexpected(stored.error());
  Facts& facts = stored->facts;
  Numbers forgotten;
  Result<void> done;
  for (SourceId id = 0; id < facts.sources.size(); ++id) {
    if (facts.sources[id].name != name) continue;
    forgotten.insert(id);
    if (done) done = drop_source(database, stored->sources.row_of(id));
  }
  if (forgotten.empty())
    return fail(ErrorCode::usage,
                "the database '" + database.path() + "' has no source '" + clean(name) + "'",
                "'regtriage query --db FILE sources' lists them");
  const std::size_t before = facts.events.size() + facts.touches.size();
  std::erase_if(facts.events,
                [&forgotten](const Event& e) { return forgotten.contains(e.at.source); });
  std::erase_if(facts.touches, [&forgotten](Touch& t) { return !forget_sightings(t, forgotten); });
  if (done) done = database.execute("DELETE FROM watermark");
  if (done) done = replace_facts(database, facts, stored->sources);
  if (done) done = set_meta(database, "stale", "1");
  if (!done) return tl::unexpected(done.error());
  return before - facts.events.size() - facts.touches.size();
}

Result<std::uint64_t> prune_before(Database& database, TimeNs before) {
  Result<StoredFacts> stored = load_stored(database);
  if (!stored) return tl::unexpected(stored.error());
  Facts& facts = stored->facts;
  const Needed needed(facts, before);
  const std::size_t all = facts.events.size() + facts.touches.size();
  std::erase_if(facts.events, [&](const Event& e) {
    const bool of_itself = e.repository == NameId::none && e.digest == NameId::none &&
                           e.upload == NameId::none;  // what the program said about itself
    return e.time != kNoTime && e.time < before && !of_itself && !needed.has(e.digest) &&
           !needed.has(e.upload) && !needed.has(e.manifest) && !needed.has_tag(e.repository, e.tag);
  });
  std::erase_if(facts.touches, [&](const Touch& t) {
    return t.last.time != kNoTime && t.last.time < before && !needed.has(t.digest) &&
           !needed.has_tag(t.repository, t.tag);
  });
  Result<void> done = replace_facts(database, facts, stored->sources);
  if (done) done = set_meta(database, "stale", "1");
  if (!done) return tl::unexpected(done.error());
  return all - facts.events.size() - facts.touches.size();
}

}  // namespace regtriage
