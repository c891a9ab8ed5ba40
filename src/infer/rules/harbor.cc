// What Harbor's core decided by itself: it has no row of the content, it refuses, or its database,
// its cache or an upstream failed. Source: knowledge of a running Harbor v2.7.4; goharbor/harbor
// src/server/middleware, src/lib/errors/const.go.
#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

constexpr TimeNs kNear = 5 * kSecond;

// The line of that kind that lies nearest, within `within`.
Sight near(const Situation& s, EventKind kind, TimeNs within) {
  const Sight before = s.h.harbor_lines.last_before(key_of_kind(kind), s.at);
  const Sight after = s.h.harbor_lines.first_from(key_of_kind(kind), s.at);
  const TimeNs back = before ? s.at - before.order() : within;
  const TimeNs on = after ? after.order() - s.at : within;
  if (back < within && back <= on) return before;
  return on < within ? after : Sight{};
}

bool is_told_down(const Situation& s, Candidates& out) {
  const Sight database = near(s, EventKind::database_error, kNear);
  if (!database || (s.e.status != 401 && s.e.status < 500)) return false;
  out.emplace_back(CauseId::harbor_database_down, "database")
      .because(90, "core could not reach its database at that moment", {database});
  return true;
}

// Why the upstream could not answer, by what core says of it.
CauseId cause_of_fallback(std::string_view why) {
  if (contains(why, "status code: 429")) return CauseId::upstream_rate_limited;
  if (contains(why, "status code: 404")) return CauseId::upstream_missing;
  // A page instead of an answer: something else than a registry speaks.
  if (contains(why, "status code: 4") || contains(why, "error unmarshalling") ||
      contains(why, "invalid character"))
    return CauseId::upstream_error_masked;
  return CauseId::upstream_unreachable;
}

// Core's own word, where no line of the front shows what the client got.
void by_fallback_line(const Situation& s, Candidates& out) {
  const CauseId cause = cause_of_fallback(s.detail);
  out.emplace_back(cause, cause == CauseId::upstream_unreachable ? GroupName("upstream")
                                                                 : group_of(s, s.e.repository))
      .because(60, "core asked the upstream in vain and fell back to its own copies")
      .lacks("nginx's log of the same minute: whether core had a copy");
}

// A proxy-cache project: core asked its upstream in vain just then, for this very repository.
bool is_fallback(const Situation& s, Candidates& out) {
  Sight line =
      s.h.harbor_lines.last_before(key_of_kind(EventKind::upstream_fallback), s.at + kNear);
  for (int looked = 0; line && looked < 64 && s.at - line.order() < kNear; ++looked) {
    if (line.repository() == s.e.repository) break;
    line = s.h.harbor_lines.last_before(key_of_kind(EventKind::upstream_fallback), line.order());
  }
  if (!line || std::abs(s.at - line.order()) >= kNear || line.repository() != s.e.repository)
    return false;
  const std::string_view why = s.h.text(line.event->detail);
  const CauseId cause = cause_of_fallback(why);
  out.emplace_back(cause, cause == CauseId::upstream_unreachable ? GroupName("upstream")
                                                                 : group_of(s, s.e.repository))
      .because(90,
               "core asked the upstream for it in vain at that moment and fell back to its own "
               "copies, of which it has none",
               {line});
  return true;
}

// The first part of a repository's name.
std::string_view project_of(std::string_view repository) {
  return repository.substr(0, repository.find('/'));
}

// Does any line show that the project is a proxy cache?
Sight proxy_project(const Situation& s) {
  const std::string_view project = project_of(s.h.text(s.e.repository));
  const auto rows = s.h.harbor_lines.rows(key_of_kind(EventKind::upstream_fallback));
  for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 1024)))
    if (project_of(s.h.text(row.sight().repository())) == project) return row.sight();
  const auto pushes = s.h.harbor_pushes.all();
  for (const auto& row : pushes.first(std::min<std::size_t>(pushes.size(), 4096)))
    if (contains(s.h.text(row.event().user), "proxy-cache") &&
        project_of(s.h.text(row.event().repository)) == project)
      return row.sight();
  return {};
}

// A manifest PUT that the registry acknowledged, of this reference, before.
Sight acknowledged(const Situation& s) {
  Sight put = s.h.stores.last_before(subject_key(s), s.at);
  if (put && put.route() == Route::manifest) return put;
  if (s.e.tag != NameId::none || s.e.digest == NameId::none) return {};
  // A PUT by tag does not name its digest, but the registry may have served it.
  Sight served = s.h.reads.last_before(subject_key(s), s.at);
  for (int looked = 0; served && looked < 16; ++looked) {
    if (served.route() == Route::manifest && served.origin() != Origin::front) return served;
    served = s.h.reads.last_before(subject_key(s), served.order());
  }
  // By digest: the client mostly asks for the tag of the same repository first.
  const Sight asked = s.h.client_requests.last_before(who_of(s.e), s.at);
  if (!asked || s.at - asked.order() > kMinute || asked.tag() == NameId::none) return {};
  put = s.h.stores.last_before(key_of(s.e.repository, asked.tag()), s.at);
  return put && put.route() == Route::manifest ? put : Sight{};
}

// Right after the PUT core reads the manifest back; the registry did not find what it had stored.
Sight lost_read_back(const Situation& s, const Sight& put) {
  const auto rows = s.h.misses_in_repository.rows(key_of(s.e.repository));
  for (const auto& row : rows)
    if (row.order() > put.order() && row.order() - put.order() < 10 * kSecond &&
        contains(s.h.text(row.sight().agent()), "harbor-registry-client"))
      return row.sight();
  return {};
}

// The registry still serves what core says it does not have.
void served_past_core(const Situation& s, const Sight& served, Candidates& out) {
  Candidate& c = out.emplace_back(CauseId::harbor_row_missing, group_of(s, s.e.repository));
  c.adds_up = false;  // a deletion may stand in lines that are not here
  c.because(60,
            "the registry has it and served it, and core says that it has no such artifact: it has "
            "no row of it",
            {served});
  c.lacks("Harbor's artifact table: psql … -c \"select digest from artifact where …\"");
}

void row_missing(const Situation& s, const Sight& put, Candidates& out) {
  if (is_read(put.method())) return served_past_core(s, put, out);
  const Event& e = *put.event;
  const auto changed = e.request ? s.h.core_answers.rows(History::request_key(e.request))
                                 : std::span<const SightIndex::Row>();
  if (!changed.empty()) {
    if (const Sight lost = lost_read_back(s, put)) {
      out.emplace_back(CauseId::stale_descriptor_cache,
                       group_of(s, s.context.stale_group(s.e.repository)))
          .because(70,
                   "core could not read back the manifest that the registry had just "
                   "acknowledged with 201: nothing was stored",
                   {put, lost});
      return;
    }
    Candidate& c = out.emplace_back(CauseId::harbor_row_missing, group_of(s, s.e.repository));
    c.adds_up = false;  // a deletion may stand in lines that are not here
    c.because(90,
              "the registry acknowledged the manifest with 201, and core turned the answer "
              "into an error: its row was never made",
              {put, changed.front().sight()});
    return;
  }
  Candidate& c = out.emplace_back(CauseId::harbor_row_missing, group_of(s, s.e.repository));
  c.adds_up = false;  // a deletion may stand in lines that are not here
  const auto key = key_of(s.e.repository, e.tag != NameId::none ? e.tag : e.digest);
  const Sight known = s.h.harbor_pushes.last_before(key, s.at);
  if (known)
    c.because(70,
              "core itself had taken the push, no line deletes it, and now core says that it "
              "has no such artifact",
              {known});
  else
    c.because(80,
              "the registry acknowledged the manifest with 201, and core never heard of it: "
              "pushed past Harbor, or core failed after it",
              {put});
  c.lacks("Harbor's artifact table: psql … -c \"select digest from artifact where …\"");
}

// No collection is in sight: a layer that the registry took or sends, and core knows nothing of.
void past_core(const Situation& s, Candidates& out) {
  const Sight there = latest(
      {s.h.stores.last_before(subject_key(s), s.at), s.h.reads.last_before(subject_key(s), s.at)});
  const Sight after = s.h.reads.first_after(subject_key(s), s.at);
  if (!there && !after) return;
  Candidate& c = out.emplace_back(CauseId::harbor_row_missing, group_of(s, s.e.repository));
  c.adds_up = false;  // a deletion may stand in lines that are not here
  c.because(60, "the registry has this layer, and core says that it has no row of it",
            {there ? there : after});
  c.lacks("Harbor's blob table: psql … -c \"select digest, status from blob where …\"");
}

void by_core_not_found(const Situation& s, Candidates& out) {
  if (s.h.deletes.last_before(subject_key(s), s.at) &&
      !s.h.stores.last_before(subject_key(s), s.at))
    return;
  if (removed_by_rule(s)) return;
  if (is_fallback(s, out)) return;
  if (s.e.route == Route::blob) {
    const Sight refused =
        s.h.harbor_lines.last_before(key_of_kind(EventKind::gc_failed), s.at + kHour);
    Candidate& c = out.emplace_back(CauseId::harbor_blob_marked_deleting, group_of(s, s.e.digest));
    const Sight served = s.h.reads.first_after(subject_key(s), s.at);
    c.because(30, "core says that it has no such blob, and no upload follows");
    if (served) c.because(25, "the registry itself still serves it", {served});
    const bool kept_by_gc = refused && refused.digest() == s.e.digest;
    if (kept_by_gc)
      c.because(40, "a garbage collection could not delete it, so its row is marked", {refused});
    if (!kept_by_gc && s.h.collected.all().empty()) past_core(s, out);
    return;
  }
  if (s.e.route != Route::manifest) return;
  if (const Sight put = acknowledged(s)) return row_missing(s, put, out);
  if (const Sight proxy = proxy_project(s)) {
    out.emplace_back(CauseId::upstream_missing, group_of(s, s.e.repository, subject_of(s)))
        .because(60,
                 "the project is a proxy cache, its upstream could be asked, and core has "
                 "nothing: the upstream does not have it",
                 {proxy});
    return;
  }
  Candidate& c = out.emplace_back(CauseId::reference_never_existed,
                                  group_of(s, s.e.repository, subject_of(s)));
  c.because(55, "core has no such artifact, and no line of this log ever pushed or served it");
  c.lacks("core.log from before: PUSH_ARTIFACT and DELETE_ARTIFACT lines of that repository");
}

// The length of core's answer "project P not found: project P not found" with code UNAUTHORIZED, as
// Harbor v2.7.4 writes it (src/server/middleware/v2auth/auth.go, src/lib/http/error.go).
bool says_no_project(const Situation& s, const Event& answer) {
  const auto project = static_cast<std::int64_t>(project_of(s.h.text(answer.repository)).size());
  return answer.method != Method::HEAD && answer.written == 88 + 2 * project;
}

// A HEAD has no body; the same client asks again by GET.
bool has_no_project(const Situation& s) {
  if (s.e.repository == NameId::none) return false;
  if (says_no_project(s, s.e)) return true;
  const Sight next = s.h.client_requests.first_after(who_of(s.e), s.at);
  return s.e.method == Method::HEAD && next && next.order() - s.at < kNear &&
         next.status() == 401 && says_no_project(s, *next.event);
}

// A failed login of this client just then, or one of which core names no client: of a robot it says
// so twice, and names the client in the second line.
Sight failed_login(const Situation& s) {
  const auto key = key_of_kind(EventKind::auth_failure);
  Sight line = s.h.harbor_lines.last_before(key, s.at + kNear), unnamed;
  bool elsewhere = false;
  for (int looked = 0; line && looked < 64 && s.at - line.order() < kNear; ++looked) {
    if (line.client() == s.e.client) return line;
    const bool named = line.client() != NameId::none;
    if (!named && !unnamed && std::abs(s.at - line.order()) < 2 * kSecond) unnamed = line;
    elsewhere |= named && std::abs(s.at - line.order()) < 2 * kSecond;
    line = s.h.harbor_lines.last_before(key, line.order());
  }
  return elsewhere ? Sight{} : unnamed;
}

void unauthorized_by_core(const Situation& s, Candidates& out) {
  if (const Sight failed = failed_login(s)) {
    out.emplace_back(CauseId::auth_failed, group_of(s, failed.event->user))
        .because(90, "core could not authenticate this client at that moment", {failed});
    return;
  }
  if (s.e.route == Route::ping) return;
  if (has_no_project(s)) {
    out.emplace_back(CauseId::reference_never_existed, group_of(s, s.e.repository))
        .because(70, "the answer is as long as core's words that there is no such project");
    return;
  }
  out.emplace_back(CauseId::auth_insufficient_scope, group_of(s, s.e.client))
      .because(60,
               "Harbor gives everybody a token who asks for one; the client came with one that "
               "does not allow this")
      .lacks(
          "who asked: account=… in the line GET /service/token before it; without it nobody had "
          "logged in");
}

void refused_by_core(const Situation& s, Candidates& out) {
  if (s.e.status == 403) {
    if (const Sight quota = near(s, EventKind::quota_refused, kNear)) {
      out.emplace_back(CauseId::harbor_quota_exceeded, group_of(s, s.e.repository))
          .because(90, "the project's storage quota is used up", {quota});
      return;
    }
    if (const Sight proxy = proxy_project(s)) {
      out.emplace_back(CauseId::proxy_is_read_only, group_of(s, s.e.repository))
          .because(70, "the project is a proxy cache: nothing can be pushed into it", {proxy});
      return;
    }
    const bool writes = s.e.method == Method::POST || s.e.method == Method::PUT ||
                        s.e.method == Method::PATCH || s.e.method == Method::DELETE;
    if (writes)
      out.emplace_back(CauseId::harbor_read_only, group_of(s, s.e.repository))
          .because(62, "core refuses to write with 403, without a quota: rights are told with 401")
          .lacks("the body of the answer: \"The system is in read only mode\" or another reason");
    return;
  }
  if (s.e.status != 412) return;
  if (s.e.method == Method::DELETE)
    out.emplace_back(CauseId::harbor_artifact_referenced, group_of(s, s.e.repository))
        .because(85, "core answers a deletion with 412 only if an index names the artifact");
  else if (s.e.method == Method::PUT)
    out.emplace_back(CauseId::harbor_tag_immutable, group_of(s, s.e.repository, s.e.tag))
        .because(85, "core answers the PUT of a manifest with 412 only if its tag is immutable");
}

// The database answered, and refused: what core then told a client whose push the registry had
// taken.
void refused_by_database(const Situation& s, Candidates& out) {
  const auto rows = s.h.core_answers.all();
  for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 4096))) {
    const Sight answer = row.sight();
    if (answer.status() < 500 || std::abs(answer.order() - s.at) > kNear) continue;
    out.emplace_back(CauseId::harbor_row_missing, group_of(s, answer.repository()))
        .because(70,
                 "the database refused core's statement, and a push that the registry had "
                 "acknowledged ended in an error just then",
                 {answer});
    return;
  }
}

// core's or registryctl's own error of 500: what else it said at that moment.
void by_error_body(const Situation& s, Candidates& out) {
  if (const Sight database = near(s, EventKind::database_error, kNear)) {
    out.emplace_back(CauseId::harbor_database_down, "database")
        .because(90, "core could not reach its database at that moment", {database});
    return;
  }
  const Sight kept = s.h.harbor_lines.last_before(key_of_kind(EventKind::gc_failed), s.at + kNear);
  if (kept && std::abs(s.at - kept.order()) < kNear && kept.digest() != NameId::none) {
    out.emplace_back(CauseId::harbor_blob_marked_deleting, GroupName(kept.digest()))
        .because(60, "the storage refused to delete a blob, so its row stays marked", {kept})
        .digests.push_back(kept.digest());
    return;
  }
  if (contains(s.detail, "SQLSTATE")) return refused_by_database(s, out);
  const Trouble trouble = trouble_of(s.detail, false);
  const bool asked_out = contains(s.detail, "Get http") || contains(s.detail, "Get \"http") ||
                         contains(s.detail, "dial tcp");
  if (asked_out &&
      trouble_of("Get \"" + std::string(s.detail), true) == Trouble::upstream_unreachable) {
    out.emplace_back(CauseId::upstream_unreachable, group_of(s, s.e.repository))
        .because(40, "core could not reach a service that it asks, and answers 500")
        .lacks("which service that address is: an upstream, the token service, or Harbor itself");
    return;
  }
  if (trouble == Trouble::access_denied)
    out.emplace_back(CauseId::storage_access_denied, "storage")
        .because(60, "the storage refused access, and Harbor passes its words on");
}

}  // namespace

void examine_harbor(const Situation& s, Candidates& out) {
  if (s.e.kind == EventKind::core_error) return by_error_body(s, out);
  if (s.e.kind == EventKind::gc_failed && s.e.digest != NameId::none) {
    out.emplace_back(CauseId::harbor_blob_marked_deleting, group_of(s, s.e.digest))
        .because(60, "the storage refused to delete a blob, so its row stays marked");
    return;
  }
  if (s.e.kind == EventKind::upstream_fallback) return by_fallback_line(s, out);
  if (s.e.origin != Origin::front || s.e.kind != EventKind::request ||
      s.e.answered_by != AnsweredBy::core)
    return;
  if (is_told_down(s, out)) return;
  if (s.e.status == 503) {
    const Sight failed = s.h.cache_failures.last_before(0, s.at + kNear);
    if (failed && std::abs(s.at - failed.order()) < kMinute)
      out.emplace_back(CauseId::cache_unavailable, "cache")
          .because(90,
                   "core could not reach its Redis at that moment, and without it it answers "
                   "503 to everybody",
                   {failed});
    return;
  }
  if (s.e.status == 401) return unauthorized_by_core(s, out);
  if (s.e.method == Method::PUT && s.e.route == Route::manifest && s.e.request) {
    const auto rows = s.h.stores.rows(subject_key(s));
    for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 1024)))
      if (row.sight().event && row.sight().event->request == s.e.request)
        return row_missing(s, row.sight(), out);
  }
  if (s.e.status == 404) return by_core_not_found(s, out);
  refused_by_core(s, out);
}

}  // namespace regtriage
