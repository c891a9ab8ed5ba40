// The derived tables: emptied and filled anew, so nothing old can stay.
#include <fmt/format.h>
#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <string>

#include "store/bulk.h"
#include "store/parts.h"

namespace regtriage {
namespace {

constexpr std::string_view kEmptyAll =
    "DELETE FROM finding; DELETE FROM finding_subject; DELETE FROM finding_note; "
    "DELETE FROM finding_score; DELETE FROM finding_alternative; DELETE FROM finding_evidence; "
    "DELETE FROM judged; DELETE FROM session; DELETE FROM session_layer; DELETE FROM code_count;";

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
    if (done) done = put_subjects(n, f);
    if (done) done = put_notes(n, f);
    if (done) done = put_reasons(n, f);
    if (done) done = put_evidence(n, f);
    return done;
  }

 private:
  using Texts = std::vector<std::string>;

  Result<void> put_subjects(std::int64_t n, const Finding& f) {
    const std::pair<std::string_view, const Texts&> lists[] = {
        {"repository", f.repositories}, {"tag", f.tags},         {"digest", f.digests},
        {"upload", f.uploads},          {"session", f.sessions}, {"client", f.clients},
        {"instance", f.instances}};
    for (const auto& [kind, list] : lists)
      for (const std::string& subject : list)
        if (Result<void> done = subject_.value(n).text(kind).text(subject).write(); !done)
          return done;
    return {};
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
};

// Event ids are hashes of text from outside: mixed once more before they choose a bucket.
struct IdHash {
  std::size_t operator()(const EventId& id) const {
    return (id.hi ^ (id.lo >> 29)) * 0x9e3779b97f4a7c15ULL;
  }
};
using References = tsl::robin_map<EventId, std::int64_t, IdHash>;

// Where the lines of the judgement lie in the database: event.n, or -2*touch.n(-1).
Result<References> references_of(Database& database) {
  References references;
  Statement events = database.prepare("SELECT id, n FROM event");
  Statement touches = database.prepare("SELECT first_id, last_id, n FROM touch");
  for (;;) {
    const Result<bool> next = touches.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    const std::int64_t n = touches.integer(2);
    references[hash_from_hex(touches.text(0))] = -2 * n;
    if (!touches.is_null(1)) references[hash_from_hex(touches.text(1))] = -2 * n - 1;
  }
  for (;;) {  // last: a line that is both is an event
    const Result<bool> next = events.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    references[hash_from_hex(events.text(0))] = events.integer(1);
  }
  return references;
}

std::int64_t reference(const References& references, const EventId& id) {
  const auto at = references.find(id);
  return at == references.end() ? kNull : at->second;
}

Result<void> put_judged(Database& database, const Judgement& judgement, const WordNumbers& words,
                        const References& references) {
  Statement insert = database.prepare(
      "INSERT OR REPLACE INTO judged (ref, verdict, cause, finding, proof) VALUES (?, ?, ?, ?, ?)");
  for (const Judged& judged : judgement.judged) {
    const std::int64_t line = reference(references, judged.event);
    if (line == kNull) continue;  // the database holds other facts than those that were judged
    insert.bind(1, line).bind(2, words.verdict[static_cast<std::size_t>(judged.verdict)]);
    insert.bind(3, words.cause[static_cast<std::size_t>(judged.cause)]);
    insert.bind(4, judged.finding < 0 ? kNull : judged.finding + std::int64_t{1});
    insert.bind(5, judged.proof ? reference(references, judged.proof) : kNull);
    if (Result<void> done = insert.run(); !done) return done;
  }
  return {};
}

Result<void> put_sessions(Database& database, const std::vector<Session>& sessions) {
  RowWriter session(database,
                    "INSERT INTO session (n, id, repository, client, agent, user, tag, manifest, "
                    "first, last, result, instances) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  RowWriter layer(database,
                  "INSERT INTO session_layer (session, n, digest, status, upload) "
                  "VALUES (?, ?, ?, ?, ?)");
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const Session& s = sessions[i];
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

using Ids = tsl::robin_set<EventId, IdHash>;

// Deletes the rows of `table` whose line is not among `kept`.
Result<void> drop_others(Database& database, std::string_view rows_sql, std::string_view drop_sql,
                         const Ids& kept) {
  Statement rows = database.prepare(rows_sql);
  std::vector<std::int64_t> gone;
  for (;;) {
    const Result<bool> next = rows.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    if (!kept.contains(hash_from_hex(rows.text(0)))) gone.push_back(rows.integer(1));
  }
  rows.reset();
  Statement drop = database.prepare(drop_sql);
  for (const std::int64_t n : gone)
    if (Result<void> done = drop.bind(1, n).run(); !done) return done;
  return {};
}

// What folding all facts left out: access lines told by an application line, steps of finished
// uploads. What they fold into stays, so they would be left out again.
Result<void> drop_folded(Database& database, const Facts& facts) {
  Ids events, touches;
  for (const Event& event : facts.events) events.insert(event.id);
  for (const Touch& touch : facts.touches) touches.insert(touch.first.id);
  Result<void> done =
      drop_others(database, "SELECT id, n FROM event", "DELETE FROM event WHERE n = ?", events);
  if (done)
    done = drop_others(database, "SELECT first_id, n FROM touch", "DELETE FROM touch WHERE n = ?",
                       touches);
  return done;
}

}  // namespace

Result<void> put_judgement(Database& database, const Judgement& judgement, const Facts& facts,
                           std::string_view ruleset) {
  NameWriter names(database);
  const Result<WordNumbers> words = resolve_words(names);
  if (!words) return tl::unexpected(words.error());
  const Result<SourceRows> sources = put_sources(database, facts.sources, names);
  if (!sources) return tl::unexpected(sources.error());
  Result<void> done = database.execute(kEmptyAll);
  if (done) done = put_clock_offsets(database, facts.sources, *sources);
  if (done) done = drop_folded(database, facts);
  if (!done) return done;
  const Result<References> references = references_of(database);
  if (!references) return tl::unexpected(references.error());
  DeferredIndexes indexes(database);
  for (const std::string_view table : {"judged", "session", "session_layer"})
    if (done) done = indexes.take_off(table);
  FindingWriter findings(database, *sources);
  for (std::size_t i = 0; i < judgement.findings.size() && done; ++i)
    done = findings.put(number(i) + 1, judgement.findings[i]);
  if (done) done = put_judged(database, judgement, *words, *references);
  if (done) done = put_sessions(database, judgement.sessions);
  if (done) done = indexes.restore();
  if (done) done = put_codes(database, judgement.codes);
  if (done) done = set_meta(database, "judged_with", ruleset);
  const Result<std::int64_t> lines = count_lines(database);
  if (!lines) return tl::unexpected(lines.error());
  if (done) done = set_meta(database, "lines", fmt::format("{}", *lines));
  if (done) done = set_meta(database, "stale", "0");
  return done;
}

}  // namespace regtriage
