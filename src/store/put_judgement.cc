// The derived tables: emptied and filled anew, so nothing old can stay.
#include <fmt/format.h>
#include <tsl/robin_set.h>

#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include "store/bulk.h"
#include "store/parts.h"

namespace regtriage {
namespace {

constexpr std::string_view kEmptyAll =
    "DELETE FROM finding; DELETE FROM finding_subject; DELETE FROM finding_note; "
    "DELETE FROM finding_score; DELETE FROM finding_alternative; DELETE FROM finding_evidence; "
    "DELETE FROM judged; DELETE FROM session; DELETE FROM session_layer; DELETE FROM code_count; "
    "DELETE FROM event; DELETE FROM touch; DELETE FROM repository_count; "
    "DELETE FROM name WHERE id NOT IN (SELECT name FROM source);";

constexpr std::size_t kGoodPushes = 2'000;

std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

// Binds texts as they come, cleaned; keeps the cleaned ones alive until the row is written.
class RowWriter {
 public:
  RowWriter(Database& database, std::string_view sql) : statement_(database.prepare(sql)) {}
  RowWriter& text(std::string_view value) {
    texts_[used_] = clean(value);
    statement_.bind(++index_, texts_[used_++]);
    return *this;
  }
  RowWriter& value(std::int64_t value) {
    statement_.bind(++index_, value);
    return *this;
  }
  Result<void> write() {
    index_ = 0;
    used_ = 0;
    return statement_.run();
  }

 private:
  Statement statement_;
  std::array<std::string, 16> texts_;
  std::size_t used_ = 0;
  int index_ = 0;
};

class FindingWriter {
 public:
  FindingWriter(Database& database, const SourceRows& sources)
      : sources_(sources),
        finding_(database,
                 "INSERT INTO finding (n, id, cause, class, verdict, confidence, severity, state, "
                 "title, summary, first, last, lines, requests) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        subject_(database,
                 "INSERT OR IGNORE INTO finding_subject (finding, kind, subject) VALUES (?, ?, ?)"),
        note_(database, "INSERT INTO finding_note (finding, kind, n, text) VALUES (?, ?, ?, ?)"),
        score_(database,
               "INSERT INTO finding_score (finding, n, piece, sign, weight, events) "
               "VALUES (?, ?, ?, ?, ?, ?)"),
        alternative_(database,
                     "INSERT INTO finding_alternative (finding, n, cause, confidence, why) "
                     "VALUES (?, ?, ?, ?, ?)"),
        evidence_(database,
                  "INSERT INTO finding_evidence (finding, n, event, role, why, text, time, source, "
                  "line, offset) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") {}

  Result<void> put(std::int64_t n, const Finding& f) {
    finding_.value(n).text(f.id).text(word_of(f.cause)).text(word_of(f.cause_class));
    finding_.text(word_of(f.verdict)).text(word_of(f.confidence)).text(word_of(f.severity));
    finding_.text(word_of(f.state)).text(f.title).text(f.summary).value(f.first).value(f.last);
    Result<void> done = finding_.value(number(f.lines)).value(number(f.requests)).write();
    gather_subjects(n, f);
    if (done) done = put_notes(n, f);
    if (done) done = put_reasons(n, f);
    if (done) done = put_evidence(n, f);
    return done;
  }

  // The subjects of all findings that were put, which still live: in the order of their key.
  Result<void> put_subjects() {
    std::sort(subjects_.begin(), subjects_.end());
    for (const auto& [subject, kind, n] : subjects_)
      if (Result<void> done = subject_.value(n).text(kind).text(subject).write(); !done)
        return done;
    return {};
  }

 private:
  using Texts = std::vector<std::string>;

  void gather_subjects(std::int64_t n, const Finding& f) {
    const std::pair<std::string_view, const Texts&> lists[] = {
        {"repository", f.repositories}, {"tag", f.tags},         {"digest", f.digests},
        {"upload", f.uploads},          {"session", f.sessions}, {"client", f.clients},
        {"instance", f.instances}};
    for (const auto& [kind, list] : lists)
      for (const std::string& subject : list) subjects_.emplace_back(subject, kind, n);
  }

  Result<void> put_notes(std::int64_t n, const Finding& f) {
    const std::pair<std::string_view, const Texts&> lists[] = {{"do", f.remedy},
                                                               {"do_not", f.do_not},
                                                               {"confirm", f.confirm},
                                                               {"missing", f.missing},
                                                               {"replaces", f.replaces}};
    for (const auto& [kind, list] : lists)
      for (std::size_t i = 0; i < list.size(); ++i)
        if (Result<void> done = note_.value(n).text(kind).value(number(i)).text(list[i]).write();
            !done)
          return done;
    return {};
  }

  Result<void> put_reasons(std::int64_t n, const Finding& f) {
    for (std::size_t i = 0; i < f.score.size(); ++i) {
      const ScorePiece& piece = f.score[i];
      std::string ids;
      for (const EventId& id : piece.events) ids += (ids.empty() ? "" : " ") + hex_of(id);
      score_.value(n).value(number(i)).text(piece.piece).text(word_of(piece.sign));
      if (Result<void> done = score_.value(piece.weight).text(ids).write(); !done) return done;
    }
    for (std::size_t i = 0; i < f.alternatives.size(); ++i) {
      const Alternative& other = f.alternatives[i];
      alternative_.value(n).value(number(i)).text(word_of(other.cause));
      if (Result<void> done = alternative_.text(word_of(other.confidence)).text(other.why).write();
          !done)
        return done;
    }
    return {};
  }

  Result<void> put_evidence(std::int64_t n, const Finding& f) {
    for (std::size_t i = 0; i < f.evidence.size(); ++i) {
      const Evidence& e = f.evidence[i];
      const std::int64_t source = sources_.row_of(e.at.source);
      const bool nowhere = source == kNull;
      evidence_.value(n).value(number(i)).text(hex_of(e.event)).text(word_of(e.role));
      evidence_.text(e.why).text(e.text).value(e.time).value(source);
      evidence_.value(nowhere ? kNull : static_cast<std::int64_t>(e.at.line));
      if (Result<void> done = evidence_.value(nowhere ? kNull : number(e.at.offset)).write(); !done)
        return done;
    }
    return {};
  }

  const SourceRows& sources_;
  RowWriter finding_, subject_, note_, score_, alternative_, evidence_;
  std::vector<std::tuple<std::string_view, std::string_view, std::int64_t>> subjects_;
};

Result<void> put_judged(Database& database, const Judgement& judgement, const WordNumbers& words,
                        const Shown& shown) {
  Statement insert = database.prepare(
      "INSERT OR REPLACE INTO judged (ref, verdict, cause, finding, proof) VALUES (?, ?, ?, ?, ?)");
  for (const Judged& judged : judgement.judged) {
    const std::vector<std::int64_t>& rows = judged.is_touch ? shown.touch_rows : shown.event_rows;
    const std::int64_t row = judged.index < rows.size() ? rows[judged.index] : 0;
    if (row == 0) continue;
    const std::string proof = judged.proof ? hex_of(judged.proof) : std::string();
    insert.bind(1, !judged.is_touch ? row : judged.is_last ? -2 * row - 1 : -2 * row);
    insert.bind(2, words.verdict[static_cast<std::size_t>(judged.verdict)]);
    insert.bind(3, words.cause[static_cast<std::size_t>(judged.cause)]);
    insert.bind(4, judged.finding < 0 ? kNull : judged.finding + std::int64_t{1});
    proof.empty() ? insert.bind_null(5) : insert.bind(5, std::string_view(proof));
    if (Result<void> done = insert.run(); !done) return done;
  }
  return {};
}

bool went_well(const Session& s) {
  return s.result == SessionResult::complete && std::ranges::none_of(s.layers, [](const Layer& l) {
           return l.status == "failed" || l.status == "open";
         });
}

// `about`: see Store::Detail. A digest's head is enough.
bool is_about(const Session& s, std::string_view about) {
  if (about.empty()) return false;
  const auto is_digest = [about](std::string_view digest) {
    return about.starts_with("sha") && digest.starts_with(about);
  };
  return s.repository == about || s.tag == about || is_digest(s.manifest) ||
         about == s.repository + ":" + s.tag || std::ranges::any_of(s.layers, [&](const Layer& l) {
           return is_digest(l.digest) || l.upload == about;
         });
}

// Of pushes that went well the first ones and those that are asked for, of the others all.
Result<void> put_sessions(Database& database, const std::vector<Session>& sessions,
                          const Store::Detail& detail) {
  RowWriter session(database,
                    "INSERT INTO session (n, id, repository, client, agent, user, tag, manifest, "
                    "first, last, result, instances) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  RowWriter layer(database,
                  "INSERT INTO session_layer (session, n, digest, status, upload) "
                  "VALUES (?, ?, ?, ?, ?)");
  std::size_t left = detail.all ? SIZE_MAX : kGoodPushes;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const Session& s = sessions[i];
    if (went_well(s) && !is_about(s, detail.about)) {
      if (left == 0) continue;
      --left;
    }
    std::string instances;
    for (const std::string& name : s.instances) instances += (instances.empty() ? "" : " ") + name;
    const std::int64_t n = number(i) + 1;
    session.value(n).text(s.id).text(s.repository).text(s.client).text(s.agent).text(s.user);
    session.text(s.tag).text(s.manifest).value(s.first).value(s.last).text(word_of(s.result));
    if (Result<void> done = session.text(instances).write(); !done) return done;
    for (std::size_t k = 0; k < s.layers.size(); ++k) {
      const Layer& l = s.layers[k];
      layer.value(n).value(number(k)).text(l.digest).text(l.status).text(l.upload);
      if (Result<void> done = layer.write(); !done) return done;
    }
  }
  return {};
}

Result<void> put_codes(Database& database, const std::map<std::string, CodeCount>& codes) {
  RowWriter insert(database,
                   "INSERT INTO code_count (code, noise, client, fault, loss, undetermined, exact) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const auto& [code, count] : codes) {
    insert.text(code).value(number(count.noise)).value(number(count.client));
    insert.value(number(count.fault)).value(number(count.loss)).value(number(count.undetermined));
    if (Result<void> done = insert.value(count.exact).write(); !done) return done;
  }
  return {};
}

// Of all lines, shown or not.
struct RepositoryCount {
  TimeNs first = kNoTime, last = kNoTime;
  std::int64_t lines = 0, errors = 0;
  std::array<std::int64_t, 6> verdicts{};

  void add(TimeNs time, int status) {
    ++lines;
    errors += status >= 400 ? 1 : 0;
    if (time == kNoTime) return;
    first = first == kNoTime ? time : std::min(first, time);
    last = std::max(last, time);
  }
};

Result<void> put_repositories(Database& database, const Facts& facts, const Judgement& judgement) {
  std::vector<std::uint32_t> places(facts.names.size(), 0);  // by NameId; 0: not met
  std::vector<std::pair<NameId, RepositoryCount>> counts(1);
  const auto count_of = [&](NameId repository) -> RepositoryCount& {
    std::uint32_t& place = places[static_cast<std::size_t>(repository)];
    if (place == 0) {
      place = static_cast<std::uint32_t>(counts.size());
      counts.emplace_back(repository, RepositoryCount{});
    }
    return counts[place].second;
  };
  for (const Event& e : facts.events)
    if (e.repository != NameId::none) count_of(e.repository).add(e.time, e.status);
  for (const Touch& t : facts.touches) {
    if (t.repository == NameId::none) continue;
    RepositoryCount& count = count_of(t.repository);
    count.add(t.first.time, t.status);
    if (!t.seen_once()) count.add(t.last.time, t.status);
  }
  for (const Judged& judged : judgement.judged) {
    const std::size_t rows = judged.is_touch ? facts.touches.size() : facts.events.size();
    if (judged.index >= rows) continue;
    const NameId repository = judged.is_touch ? facts.touches[judged.index].repository
                                              : facts.events[judged.index].repository;
    if (repository != NameId::none)
      ++count_of(repository).verdicts[static_cast<std::size_t>(judged.verdict)];
  }
  counts.erase(counts.begin());
  RowWriter insert(database,
                   "INSERT OR IGNORE INTO repository_count (repository, first, last, lines, "
                   "errors, noise, client, fault, loss, undetermined) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const auto& [repository, count] : counts) {
    insert.text(facts.text(repository)).value(count.first).value(count.last);
    insert.value(count.lines).value(count.errors);
    for (std::size_t i = 1; i < count.verdicts.size(); ++i) insert.value(count.verdicts[i]);
    if (Result<void> done = insert.write(); !done) return done;
  }
  return {};
}

using Ids = tsl::robin_set<EventId, MixedHash>;

// What folding all facts left out: access lines told by an application line, steps of finished
// uploads. What they fold into stays, so they would be left out again. Afterwards one run is left.
Result<void> drop_folded(Database& database, const Facts& facts) {
  Statement have = database.prepare(
      "SELECT count(DISTINCT run), coalesce(sum(rows) FILTER (WHERE kind = 2), 0), "
      "coalesce(sum(rows) FILTER (WHERE kind = 3), 0) FROM fact_pack");
  const Result<bool> row = have.step();
  if (!row) return tl::unexpected(row.error());
  const std::int64_t runs = have.integer(0);
  const bool all_stay = have.integer(1) == number(facts.events.size()) &&
                        have.integer(2) == number(facts.touches.size());
  have.reset();
  if (runs < 2 && all_stay) return {};
  Result<StoredFacts> stored = load_stored(database);
  if (!stored) return tl::unexpected(stored.error());
  Ids events, touches;
  for (const Event& event : facts.events) events.insert(event.id);
  for (const Touch& touch : facts.touches) touches.insert(touch.first.id);
  const std::size_t gone =
      std::erase_if(stored->facts.events,
                    [&events](const Event& e) { return !events.contains(e.id); }) +
      std::erase_if(stored->facts.touches,
                    [&touches](const Touch& t) { return !touches.contains(t.first.id); });
  if (gone == 0 && stored->runs < 2) return {};
  return replace_facts(database, stored->facts, stored->sources);
}

}  // namespace

Result<void> put_judgement(Database& database, const Judgement& judgement, const Facts& facts,
                           std::string_view ruleset, const Store::Detail& detail) {
  NameWriter names(database);
  const Result<SourceRows> sources = put_sources(database, facts.sources, names);
  if (!sources) return tl::unexpected(sources.error());
  // Facts that were thinned are not all there is.
  Result<void> done = facts.remainders.empty() ? drop_folded(database, facts) : Result<void>();
  if (done) done = database.execute(kEmptyAll);
  if (done) done = put_clock_offsets(database, facts.sources, *sources);
  if (!done) return done;
  const Result<WordNumbers> words = resolve_words(names);
  if (!words) return tl::unexpected(words.error());
  DeferredIndexes indexes(database);
  for (const std::string_view table :
       {"event", "touch", "judged", "session", "session_layer", "finding_subject"})
    if (done) done = indexes.take_off(table);
  const Shown shown = choose_shown(facts, judgement, detail);
  if (done) done = put_shown(database, facts, shown, *words, *sources, names);
  FindingWriter findings(database, *sources);
  for (std::size_t i = 0; i < judgement.findings.size() && done; ++i)
    done = findings.put(number(i) + 1, judgement.findings[i]);
  if (done) done = findings.put_subjects();
  if (done) done = put_judged(database, judgement, *words, shown);
  if (done) done = put_sessions(database, judgement.sessions, detail);
  if (done) done = indexes.restore();
  if (done) done = put_codes(database, judgement.codes);
  if (done) done = put_repositories(database, facts, judgement);
  if (done) done = set_meta(database, "judged_with", ruleset);
  if (done) done = set_meta(database, "lines", fmt::format("{}", shown.kept));
  if (done) done = set_meta(database, "lines_shown", fmt::format("{}", shown.lines));
  if (done) done = set_meta(database, "sessions", fmt::format("{}", judgement.sessions.size()));
  if (done) done = set_meta(database, "stale", "0");
  return done;
}

}  // namespace regtriage
