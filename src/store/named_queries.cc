// The questions that operators ask, as SQL over the stable views. Each is also an example.
#include <array>

#include "store/store.h"

namespace regtriage {
namespace {

#define REGTRIAGE_UTC(column) "strftime('%Y-%m-%d %H:%M:%S', " column " / 1000000000, 'unixepoch')"

constexpr std::array kQueries = {
    NamedQuery{
        "findings", "what was found, worst first",
        "SELECT id, severity, verdict, confidence, cause, state, " REGTRIAGE_UTC(
            "first") " AS first_utc, " REGTRIAGE_UTC("last") " AS last_utc, lines, requests, title "
                                                             "FROM findings ORDER BY n"},
    NamedQuery{"codes", "error lines by code: how many are noise, how many are real",
               "SELECT code, total, noise, client, fault, loss, undetermined, "
               "CASE exact WHEN 1 THEN 'yes' ELSE 'at least' END AS exact FROM codes "
               "ORDER BY total DESC, code"},
    NamedQuery{"real-errors", "the error and silent lines that are not noise, in order of time",
               "SELECT " REGTRIAGE_UTC(
                   "time") " AS utc, verdict, cause, finding, code, method, status, "
                           "path, client, source, line FROM errors WHERE verdict <> 'noise' "
                           "ORDER BY time, event"},
    NamedQuery{"broken-images", "repositories and tags that findings of loss or fault are about",
               "SELECT s.subject AS image, s.kind, f.severity, f.verdict, f.cause, f.state, f.id "
               "AS finding "
               "FROM finding_subjects s JOIN findings f ON f.id = s.finding "
               "WHERE s.kind IN ('repository', 'tag') AND f.verdict IN ('loss', 'fault') "
               "ORDER BY f.n, s.kind, s.subject"},
    NamedQuery{"lost-digests", "digests whose content is missing or unreadable",
               "SELECT s.subject AS digest, f.cause, f.confidence, f.state, f.id AS finding "
               "FROM finding_subjects s JOIN findings f ON f.id = s.finding "
               "WHERE s.kind = 'digest' AND f.verdict = 'loss' ORDER BY f.n, s.subject"},
    NamedQuery{"evidence", "the lines that the findings rest on",
               "SELECT finding, role, " REGTRIAGE_UTC("time") " AS utc, source, line, why, text "
                                                              "FROM evidence ORDER BY finding, n"},
    NamedQuery{
        "silent", "successes that stored or sent nothing",
        "SELECT " REGTRIAGE_UTC("time") " AS utc, method, status, path, written, client, finding, "
                                        "source, line FROM errors WHERE status BETWEEN 200 AND 399 "
                                        "ORDER BY time, event"},
    NamedQuery{"noise", "kinds of noise, how often, and how often a line proves it",
               "SELECT cause, code, count(*) AS lines, count(proof) AS proved FROM errors "
               "WHERE verdict = 'noise' GROUP BY cause, code ORDER BY lines DESC, cause, code"},
    NamedQuery{"failed-pushes", "pushes that did not complete",
               "SELECT " REGTRIAGE_UTC("first") " AS first_utc, " REGTRIAGE_UTC(
                   "last") " AS last_utc, result, repository, tag, client, agent, layers, "
                           "failed_layers, id "
                           "FROM sessions WHERE result <> 'complete' ORDER BY first, id"},
    NamedQuery{"pushes", "all pushes",
               "SELECT " REGTRIAGE_UTC("first") " AS first_utc, " REGTRIAGE_UTC(
                   "last") " AS last_utc, result, repository, tag, manifest, client, layers, id "
                           "FROM sessions "
                           "ORDER BY first, id"},
    NamedQuery{
        "open-uploads", "blob uploads that neither finished nor failed",
        "SELECT upload, repository, client, " REGTRIAGE_UTC(
            "last") " AS last_utc, received "
                    "FROM uploads WHERE status = 'open' OR status IS NULL ORDER BY last, upload"},
    NamedQuery{"deleted", "what was deleted, when and by whom",
               "SELECT " REGTRIAGE_UTC(
                   "time") " AS utc, kind, status, repository, coalesce(tag, digest) "
                           "AS what, client, user, source, line FROM timeline "
                           "WHERE method = 'DELETE' OR kind LIKE 'gc_delete%' OR kind = 'deleted' "
                           "ORDER BY time, event"},
    NamedQuery{"by-hour", "real errors and noise by hour",
               "SELECT strftime('%Y-%m-%d %H:00', time / 1000000000, 'unixepoch') AS hour_utc, "
               "sum(verdict = 'noise') AS noise, sum(verdict <> 'noise') AS real FROM errors "
               "WHERE time IS NOT NULL GROUP BY hour_utc ORDER BY hour_utc"},
    NamedQuery{
        "repositories", "repositories, those with real errors first",
        "SELECT repository, lines, errors, noise, client, fault, loss, undetermined, findings "
        "FROM repositories ORDER BY loss DESC, fault DESC, undetermined DESC, errors DESC, "
        "repository"},
    NamedQuery{
        "clients", "clients, those with most error lines first",
        "SELECT client, agent, lines, errors, " REGTRIAGE_UTC(
            "first") " AS first_utc, " REGTRIAGE_UTC("last") " AS last_utc FROM clients ORDER BY "
                                                             "errors DESC, client, agent"},
    NamedQuery{
        "program", "starts, settings and troubles that the registry told about itself",
        "SELECT " REGTRIAGE_UTC(
            "time") " AS utc, kind, instance, detail, source, line "
                    "FROM timeline WHERE kind IN ('start', 'stopped', 'cache_redis', "
                    "'cache_memory', "
                    "'cache_error', 'cache_connected', 'secret_generated', 'redirect_disabled', "
                    "'proxy_configured', 'read_only', 'gc_start', 'gc_summary', 'gc_failed', "
                    "'purge_start', "
                    "'purge_end') ORDER BY time, event"},
    NamedQuery{"sources", "the logs that were read",
               "SELECT source, status, lines, bytes, accepted, ignored, rejected, "
               "pending, " REGTRIAGE_UTC("first") " AS first_utc, " REGTRIAGE_UTC(
                   "last") " AS last_utc, level, "
                           "formats, envelopes, error FROM sources ORDER BY source, first"},
    NamedQuery{
        "rejects", "lines that were not understood",
        "SELECT source, reason, lines, first_line, head FROM rejects ORDER BY lines DESC, source, "
        "reason"},
};

#undef REGTRIAGE_UTC

}  // namespace

std::vector<NamedQuery> named_queries() { return {kQueries.begin(), kQueries.end()}; }

}  // namespace regtriage
