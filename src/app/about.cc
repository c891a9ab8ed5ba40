#include "app/about.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "base/hash.h"
#include "base/text.h"

namespace regtriage {
namespace {

#define REGTRIAGE_UTC(column)             \
  "strftime('%Y-%m-%d %H:%M:%S', " column \
  " / 1000000000, 'unixepoch') || "       \
  "substr(printf('%.3f', (" column " % 1000000000) / 1e9), 2)"

// A timeline of the lines for which CONDITION holds, in terms of t. ?1 is the thing, ?2 what else
// its kind needs, ?3 and ?4 the times. `errors` is asked with the same condition, so that both use
// an index.
#define REGTRIAGE_TIMELINE(CONDITION) \
  "WITH judged_lines AS MATERIALIZED (SELECT t.event AS event, t.verdict, t.cause, t.finding, "    \
  "t.proof FROM errors t WHERE " CONDITION ") "                                                    \
  "SELECT " REGTRIAGE_UTC("t.time") " AS utc, coalesce(t.method || ' ' || t.route, t.kind) AS what, " \
  "t.status, t.code, j.verdict, j.cause, j.finding, t.repository, coalesce(t.tag, t.digest) AS "   \
  "reference, t.upload, t.written, t.client, t.agent, t.instance, t.source, t.line, "              \
  "CASE t.folded WHEN 1 THEN 'of several' END AS folded, t.event, j.proof "                        \
  "FROM timeline t LEFT JOIN judged_lines j ON j.event = t.event WHERE (" CONDITION ") "           \
  "AND coalesce(t.time >= CAST(?3 AS INTEGER), 1) AND coalesce(t.time < CAST(?4 AS INTEGER), 1) "  \
  "ORDER BY t.time, t.event"

#define REGTRIAGE_FINDINGS                                                                       \
  "SELECT f.id, f.severity, f.verdict, f.confidence, f.cause, f.state, f.title FROM findings f " \
  "WHERE f.id IN (SELECT s.finding FROM finding_subjects s WHERE s.kind = "

struct Question {
  std::string_view name, sql;
};
// A kind of thing: `find` gives it in full (?1 = as typed, ?2 = the end of its range of prefixes)
// and what the questions need as ?2.
struct Kind {
  std::string_view name, find;
  std::array<Question, 4> questions;
};

constexpr std::array kKinds = {
    Kind{"digest",
         "SELECT digest, '' FROM digests WHERE digest >= ?1 AND digest < ?2 LIMIT 2",
         {{{"about",
            "SELECT repositories, lines, errors, puts, deletes, findings, " REGTRIAGE_UTC(
                "first") " AS first_utc, " REGTRIAGE_UTC("last") " AS last_utc FROM digests WHERE "
                                                                 "digest = ?1"},
           {"findings", REGTRIAGE_FINDINGS "'digest' AND s.subject = ?1) ORDER BY f.n"},
           {"pushes",
            "SELECT l.session, l.repository, s.tag, l.status, s.result, " REGTRIAGE_UTC(
                "s.first") " AS first_utc FROM layers l JOIN sessions s ON s.id = l.session WHERE "
                           "l.digest = ?1 "
                           "UNION ALL SELECT s.id, s.repository, s.tag, 'manifest', "
                           "s.result, " REGTRIAGE_UTC(
                               "s.first") " FROM sessions s WHERE s.manifest = ?1 ORDER BY 6"},
           {"timeline", REGTRIAGE_TIMELINE("t.digest = ?1")}}}},
    Kind{"tag",
         "SELECT repository || ':' || tag, '' FROM tags WHERE repository = substr(?1, 1, "
         "length(?1) - "
         "length(?2)) AND tag = substr(?2, 2)",
         {{{"about", "SELECT manifest, lines, errors, " REGTRIAGE_UTC(
                         "pushed") " AS pushed_utc FROM tags "
                                   "WHERE repository = substr(?1, 1, length(?1) - length(?2)) AND "
                                   "tag = substr(?2, 2)"},
           {"findings",
            "SELECT f.id, f.severity, f.verdict, f.confidence, f.cause, f.state, f.title FROM "
            "findings f WHERE f.id IN (SELECT r.finding FROM finding_subjects r JOIN "
            "finding_subjects s "
            "ON s.finding = r.finding WHERE r.kind = 'repository' AND r.subject = substr(?1, 1, "
            "length(?1) "
            "- length(?2)) AND s.kind = 'tag' AND s.subject IN (substr(?2, 2), ?1)) ORDER BY f.n"},
           {"pushes",
            "SELECT id, result, manifest, client, agent, layers, failed_layers, " REGTRIAGE_UTC(
                "first") " AS first_utc FROM sessions WHERE repository = substr(?1, 1, length(?1) "
                         "- length(?2)) AND "
                         "tag = substr(?2, 2) ORDER BY first"},
           {"timeline",
            REGTRIAGE_TIMELINE("t.repository = substr(?1, 1, length(?1) - length(?2)) AND "
                               "t.tag = substr(?2, 2)")}}}},
    Kind{"upload",
         "SELECT upload, '' FROM uploads WHERE upload = ?1",
         {{{"about",
            "SELECT repository, client, digest, status, session, received FROM uploads WHERE "
            "upload = ?1"},
           {"findings", REGTRIAGE_FINDINGS "'upload' AND s.subject = ?1) ORDER BY f.n"},
           {"", ""},
           {"timeline", REGTRIAGE_TIMELINE("t.upload = ?1")}}}},
    Kind{"request",
         "SELECT request, '' FROM timeline WHERE request = ?1 LIMIT 1",
         {{{"timeline", REGTRIAGE_TIMELINE("t.request = ?1")}, {"", ""}, {"", ""}, {"", ""}}}},
    Kind{"event",
         "SELECT event, '' FROM timeline WHERE event = ?1 LIMIT 1",
         {{{"timeline", REGTRIAGE_TIMELINE("t.event = ?1")},
           {"evidence",
            "SELECT finding, role, why, text FROM evidence WHERE event = ?1 ORDER BY finding"},
           {"proves", "SELECT " REGTRIAGE_UTC(
                          "time") " AS utc, method, path, status, cause, source, line, event "
                                  "FROM errors WHERE proof = ?1 ORDER BY time, event"},
           {"proved_by", "SELECT " REGTRIAGE_UTC(
                             "t.time") " AS utc, t.method, t.route, t.status, t.source, t.line, "
                                       "t.event FROM timeline t WHERE t.event IN (SELECT proof "
                                       "FROM errors WHERE event = ?1)"}}}},
    Kind{"finding",
         "SELECT id, '' FROM findings WHERE id >= ?1 AND id < ?2 LIMIT 2",
         {{{"findings",
            "SELECT id, severity, verdict, confidence, cause, state, title, summary, \"do\", "
            "do_not, "
            "confirm, missing FROM findings WHERE id = ?1"},
           {"subjects",
            "SELECT kind, subject FROM finding_subjects WHERE finding = ?1 ORDER BY kind, subject"},
           {"evidence", "SELECT " REGTRIAGE_UTC(
                            "time") " AS utc, role, why, text, source, line, event FROM evidence "
                                    "WHERE finding = ?1 ORDER BY n"},
           {"timeline",
            "SELECT " REGTRIAGE_UTC(
                "time") " AS utc, method, path, status, code, verdict, client, source, "
                        "line, event FROM errors WHERE finding = ?1 AND coalesce(time >= CAST(?3 "
                        "AS INTEGER), 1) AND "
                        "coalesce(time < CAST(?4 AS INTEGER), 1) ORDER BY time, event"}}}},
    Kind{"session",
         "SELECT id, '' FROM sessions WHERE id >= ?1 AND id < ?2 LIMIT 2",
         {{{"about",
            "SELECT repository, tag, manifest, client, agent, user, instances, "
            "result, " REGTRIAGE_UTC("first") " AS first_utc, " REGTRIAGE_UTC(
                "last") " AS last_utc FROM sessions WHERE id = ?1"},
           {"layers", "SELECT digest, status, upload FROM layers WHERE session = ?1 ORDER BY n"},
           {"findings", REGTRIAGE_FINDINGS "'session' AND s.subject = ?1) ORDER BY f.n"},
           {"timeline",
            REGTRIAGE_TIMELINE(
                "(t.repository, t.client) IN (SELECT s.repository, s.client FROM sessions s "
                "WHERE s.id = ?1 AND t.time BETWEEN s.first AND s.last)")}}}},
    Kind{"repository",
         "SELECT repository, '' FROM repositories WHERE repository = ?1",
         {{{"about",
            "SELECT lines, errors, noise, client, fault, loss, undetermined, "
            "findings, " REGTRIAGE_UTC("first") " AS first_utc, " REGTRIAGE_UTC(
                "last") " AS last_utc FROM repositories WHERE repository = ?1"},
           {"findings", REGTRIAGE_FINDINGS "'repository' AND s.subject = ?1) ORDER BY f.n"},
           {"tags", "SELECT tag, lines, errors, manifest, " REGTRIAGE_UTC(
                        "pushed") " AS pushed_utc FROM tags "
                                  "WHERE repository = ?1 ORDER BY tag"},
           {"timeline", REGTRIAGE_TIMELINE("t.repository = ?1")}}}},
};

#undef REGTRIAGE_FINDINGS
#undef REGTRIAGE_TIMELINE
#undef REGTRIAGE_UTC

bool is_digest_prefix(std::string_view text) {
  return (text.starts_with("sha256:") || text.starts_with("sha512:")) && text.size() >= 11;
}

// The kinds that a word may be of by its shape, the likeliest first.
std::vector<std::string_view> kinds_of(const std::string& thing) {
  if (is_digest_prefix(thing)) return {"digest"};
  if (uuid_bits(thing)) return {"upload", "request"};
  if (thing.size() == 32 && is_hex(thing)) return {"event"};
  std::vector<std::string_view> kinds;
  if (thing.size() >= 4 && thing.size() <= 12 && is_hex(thing)) kinds = {"finding", "session"};
  if (thing.find(':') != std::string::npos) kinds.push_back("tag");
  kinds.push_back("repository");
  return kinds;
}

// ?2 of `find` and of the questions: ":tag" of "repository:tag"; else the end of the range of texts
// that begin with the thing, whose next letter is a hex digit.
std::string second_value(std::string_view kind, const std::string& thing) {
  if (kind == "tag") return thing.substr(thing.rfind(':'));
  return thing + "g";
}

Result<About> questions_answered(Store& store, const Kind& kind, const std::string& thing,
                                 const std::vector<std::string>& values, std::size_t limit) {
  About about{kind.name, thing, {}};
  for (const Question& question : kind.questions) {
    if (question.sql.empty()) continue;
    Result<Table> table = store.query_with(question.sql, values, limit);
    if (!table) return tl::unexpected(table.error());
    if (!table->rows.empty()) about.sections.push_back({question.name, std::move(*table)});
  }
  return about;
}

}  // namespace

Result<About> all_about(Store& store, const std::string& thing, TimeNs since, TimeNs until,
                        std::size_t limit) {
  const std::string from = fmt::format("{}", since);
  const std::string to =
      fmt::format("{}", until == kNoTime ? std::numeric_limits<TimeNs>::max() : until);
  for (const std::string_view name : kinds_of(thing)) {
    const Kind& kind = *std::ranges::find(kKinds, name, &Kind::name);
    const std::string second = second_value(name, thing);
    const Result<Table> found = store.query_with(kind.find, {thing, second});
    if (!found) return tl::unexpected(found.error());
    if (found->rows.empty()) continue;
    if (found->rows.size() > 1)
      return fail(ErrorCode::usage, fmt::format("more than one {} begins with '{}'", name, thing),
                  fmt::format("'{}' and '{}' do", found->rows[0][0].text, found->rows[1][0].text));
    const std::string& whole = found->rows[0][0].text;
    return questions_answered(store, kind, whole, {whole, second_value(name, whole), from, to},
                              limit);
  }
  return fail(
      ErrorCode::usage, fmt::format("nothing is known about '{}'", thing),
      "name a digest, repository:tag, repository, upload, request, or the id of an event, a "
      "finding or a push");
}

}  // namespace regtriage
