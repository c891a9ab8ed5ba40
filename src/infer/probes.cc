// Noise and its proof. Most "unknown" lines of a healthy registry are questions that a push asks
// before it sends; a question is noise only if the client's next step shows that it expected the
// answer (DESIGN §5).
#include "base/text.h"
#include "infer/problem.h"

namespace regtriage {
namespace {

constexpr TimeNs kNextStep = kMinute;     // from a HEAD to the POST that begins the upload
constexpr TimeNs kBuildTime = 2 * kHour;  // from "is this tag there yet?" to its push

void proved(Problem& problem, CauseId noise, Sight proof) {
  problem.noise = noise;
  problem.proof = proof;
}

bool unshared_and_lost(const Context& c, const Event& e) {
  if (c.unshared.count(key_of(e.repository)) == 0 ||
      c.history.stores.any(key_of(e.repository, e.digest)))
    return false;
  const Sight failed = c.history.failed_steps.first_after(who_of(e), e.order());
  return failed && failed.event->code == Code::BLOB_UPLOAD_UNKNOWN &&
         failed.order() - e.order() < kMinute;
}

// A pull-through cache asks its upstream for what its own client asks: the upstream's line follows
// the cache's.
const Event* asked_by_cache(const Context& c, const Event& e) {
  if (!c.history.is_proxy || !c.history.text(e.agent).starts_with("Go-http-client")) return nullptr;
  const auto key = key_of(e.repository, asked_for(e));
  for (const Sight& s :
       {c.history.misses.first_after(key, e.order()), c.history.misses.last_before(key, e.order())})
    if (s && s.agent() != e.agent && std::abs(s.order() - e.order()) < 5 * kSecond) return s.event;
  return nullptr;
}

Sight earlier(const Sight& a, const Sight& b) {
  return !b || (a && a.order() <= b.order()) ? a : b;
}

// What the same client did next: by its address, or by its agent where only access lines tell
// (behind a proxy they have the proxy's address).
Sight stored_next(const History& h, const Event& e, NameId subject, TimeNs from) {
  return earlier(h.client_stores.first_from(store_of(e, subject), from),
                 h.agent_stores.first_from(key_of(e.repository, subject, e.agent), from));
}

Sight begun_next(const History& h, const Event& e, TimeNs from) {
  return earlier(h.upload_starts.first_from(who_of(e), from),
                 h.agent_starts.first_from(key_of(e.repository, e.agent), from));
}

// A replication looks whether the target has the layer, and then cannot read it from the source.
Sight given_up(const History& h, const Event& e) {
  if (!h.is_harbor || !contains(h.text(e.agent), "harbor-registry-client")) return {};
  const auto key = key_of_kind(EventKind::replication_error);
  Sight line = h.harbor_lines.last_before(key, e.order() + 5 * kSecond);
  for (int looked = 0; line && looked < 64 && e.order() - line.order() < 5 * kSecond; ++looked) {
    if (line.digest() == e.digest) return line;
    line = h.harbor_lines.last_before(key, line.order());
  }
  return {};
}

// A client that compresses layers also asks for them as they are at home, which no registry has
// (containers/image copy/single.go v5.24): its push is accepted without them, and a registry
// accepts no manifest whose layers it lacks. Empty if the layer was ever there.
Sight finished_without(const History& h, const Event& e, TimeNs from) {
  const auto key = key_of(e.repository, e.digest);
  if (h.stores.any(key) || h.reads.any(key)) return {};
  const Sight put = h.own_puts.first_from(who_of(e), from);
  if (!put || put.status() != 201 || put.order() - from > 15 * kMinute) return {};
  const Sight again = h.misses.first_after(key, e.order());
  return again && again.method() == Method::GET && again.order() < put.order() ? Sight{} : put;
}

void judge_blob_probe(const Context& c, const Event& e, Problem& problem) {
  const History& h = c.history;
  const TimeNs at = e.order();
  // Access lines have whole seconds: what happens within the same second may stand before.
  const TimeNs from = e.whole_second ? e.time : at;
  const Sight sent = stored_next(h, e, e.digest, from);
  if (sent && sent.order() - at < kUploadTime)
    return proved(problem, probe_answered_by(*sent.event), sent);
  if (unshared_and_lost(c, e)) return;
  const Sight begun = begun_next(h, e, from);
  if (begun && begun.order() - at < kNextStep)
    return proved(problem, CauseId::existence_probe, begun);
  const Sight by_other = h.stores.first_from(key_of(e.repository, e.digest), from);
  // (An access line of Harbor's core names no agent.)
  const bool same = by_other && (e.agent != NameId::none ? by_other.agent() == e.agent
                                                         : by_other.client() == e.client);
  if (same && by_other.order() - at < 15 * kMinute)
    return proved(problem, CauseId::existence_probe, by_other);
  if (const Sight put = finished_without(h, e, from))
    return proved(problem, CauseId::existence_probe, put);
  if (const Sight told = given_up(h, e)) return proved(problem, CauseId::existence_probe, told);
  if (const Event* asker = asked_by_cache(c, e)) {
    Problem theirs;
    judge_blob_probe(c, *asker, theirs);
    if (theirs.proof) proved(problem, CauseId::pull_through_miss, theirs.proof);
  }
}

// The same client's PUT of that manifest, accepted or not.
Sight sent_next(const History& h, const Event& e, NameId subject, TimeNs from) {
  Sight put = h.own_puts.first_from(who_of(e), from);
  for (int looked = 0; put && looked < 16 && put.order() - from < kNextStep; ++looked) {
    if (asked_for(*put.event) == subject) return put;
    put = h.own_puts.first_after(who_of(e), put.order());
  }
  return {};
}

void judge_tag_probe(const Context& c, const Event& e, Problem& problem) {
  const History& h = c.history;
  const NameId subject = asked_for(e);
  const auto key = key_of(e.repository, subject);
  if (e.tag != NameId::none && contains(h.text(e.detail), "revision="))
    return;  // the tag is there: that is no question
  // "Is that tag taken?" "Not any more": it was deleted, and the same client puts it at once.
  const Sight was =
      latest({h.stores.last_before(key, e.order()), h.reads.last_before(key, e.order())});
  const Sight removal = h.manifest_deletes.last_before(key_of(e.repository), e.order());
  const Sight taken = !removal || order_or(was, 0) > removal.order() ? Sight{}
                      : e.method == Method::HEAD && e.tag != NameId::none
                          ? h.client_stores.first_from(store_of(e, subject), e.order())
                          : Sight{};
  if (taken && taken.order() - e.order() < 10 * kSecond)
    return proved(problem, CauseId::existence_probe, taken);
  if (h.stores.last_before(key, e.order()) || h.reads.last_before(key, e.order())) return;
  const Sight failed = h.failed_steps.last_before(who_of(e), e.order());
  if (failed && failed.event->status >= 500 && e.order() - failed.order() < 10 * kMinute) return;
  const TimeNs from = e.whole_second ? e.time : e.order();
  const Sight put = stored_next(h, e, subject, from);
  if (put && put.order() - e.order() < kBuildTime)
    return proved(problem, CauseId::existence_probe, put);
  const Sight pushed = h.stores.first_from(key, from);
  // (An access line of Harbor's core names no agent.)
  if (e.agent == NameId::none && e.client != NameId::none && pushed &&
      pushed.client() == e.client && pushed.order() - e.order() < kBuildTime)
    return proved(problem, CauseId::existence_probe, pushed);
  // "Is that tag there yet?" It was pushed then, and nobody missed it again.
  if (e.method == Method::HEAD && e.tag != NameId::none && pushed &&
      pushed.order() - e.order() < kBuildTime && !h.misses.first_after(key, pushed.order()) &&
      !h.refused_puts.last_before(key, e.order()))
    return proved(problem, CauseId::existence_probe, pushed);
  // "Is it there already?", and then the client sends that very manifest, whatever came of it.
  if (e.method != Method::HEAD) return;
  if (const Sight own = sent_next(h, e, subject, from))
    return proved(problem, CauseId::existence_probe, own);
  // "Is that tag taken?", and then the client pushes into that repository.
  if (e.tag == NameId::none) return;
  const Sight begun = begun_next(h, e, from);
  if (begun && begun.status() < 400 && begun.order() - e.order() < kNextStep)
    return proved(problem, CauseId::existence_probe, begun);
  const Sight next = h.own_puts.first_after(who_of(e), e.order());
  if (next && next.status() == 201 && next.order() - e.order() < kNextStep)
    proved(problem, CauseId::existence_probe, next);
}

// Behind Harbor every client begins with GET /v2/ and is told where to get a token. A database that
// is down looks the same.
bool is_first_question(const Context& c, const Event& e) {
  if (e.origin != Origin::front || e.route != Route::ping) return false;
  const Sight down = c.history.harbor_lines.last_before(key_of_kind(EventKind::database_error),
                                                        e.order() + 5 * kSecond);
  return !down || e.order() - down.order() > 5 * kSecond;
}

// Behind that first question it comes with a token, whatever that allows.
bool insists(const Context& c, const Event& e) {
  if (e.origin != Origin::front || e.route == Route::ping) return false;
  const Sight asked = c.history.challenges.last_before(key_of(e.client, e.agent), e.order());
  return asked && e.order() - asked.order() < 10 * kMinute;
}

void judge_challenge(const Context& c, const Event& e, Problem& problem) {
  if (is_first_question(c, e)) return proved(problem, CauseId::auth_challenge, problem.sight);
  const auto rows = e.request ? c.history.requests.rows(History::request_key(e.request))
                              : std::span<const SightIndex::Row>();
  for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 16)))
    if (row.event().kind == EventKind::auth_failure) return;
  Sight next =
      c.history.client_success.first_from(key_of(e.client), e.whole_second ? e.time : e.order());
  for (int looked = 0; next && looked < 16 && next.order() - e.order() < kMinute; ++looked) {
    const bool same_place = e.repository == NameId::none || next.repository() == e.repository;
    if (same_place && next.agent() == e.agent)
      return proved(problem, CauseId::auth_challenge, next);
    next = c.history.client_success.first_after(key_of(e.client), next.order());
  }
  const Sight token =
      c.history.tokens.first_from(key_of(e.client, e.agent), e.whole_second ? e.time : e.order());
  if (token && token.order() - e.order() < kMinute)
    return proved(problem, CauseId::auth_challenge, token);
  if (insists(c, e)) return;
  // A first question without a token is how every client learns where to get one; only one that
  // insists lacks credentials.
  const auto asked = c.history.challenges.rows(key_of(e.client, e.agent));
  if (asked.size() < 3 || (c.history.is_harbor && e.route == Route::ping))
    proved(problem, CauseId::auth_challenge, problem.sight);
}

// "sha256-HEX.sig": where sigstore keeps what belongs to an image; most images have none
// (containers/image docker/docker_client.go v5.24, sigstoreAttachmentTag; cosign's .att and .sbom).
bool is_attachment(std::string_view tag) {
  constexpr std::string_view kHead = "sha256-";
  constexpr std::size_t kHex = 64;
  if (!tag.starts_with(kHead) || tag.size() <= kHead.size() + kHex) return false;
  const std::string_view kind = tag.substr(kHead.size() + kHex);
  return is_hex(tag.substr(kHead.size(), kHex)) &&
         (kind == ".sig" || kind == ".att" || kind == ".sbom");
}

bool says_unknown(Code code) {
  return code == Code::MANIFEST_UNKNOWN || code == Code::NOT_FOUND || code == Code::NAME_UNKNOWN;
}

std::string_view host_of(std::string_view reference) {
  return reference.substr(0, std::min(reference.find('/'), reference.size()));
}

// What a client expects, and says so itself: it looks for a signature that need not be there, or
// goes on to the next host of the same image.
void judge_told(const Context& c, const Event& e, Problem& problem) {
  const History& h = c.history;
  if (e.repository == NameId::none) return;
  if (says_unknown(e.code) && is_attachment(h.text(e.tag))) {
    if (contains(h.text(e.detail), "assuming it does not exist"))
      return proved(problem, CauseId::existence_probe, problem.sight);
    for (const auto& row :
         h.wants.rows(key_of(e.repository))
             .first(std::min<std::size_t>(h.wants.rows(key_of(e.repository)).size(), 64)))
      if (row.event().tag == e.tag) return proved(problem, CauseId::existence_probe, row.sight());
  }
  if (e.kind != EventKind::client_fallback) return;
  const Sight next = h.wants.first_after(key_of(e.repository), e.order());
  if (!next || next.order() - e.order() > 5 * kMinute || next.tag() != e.tag) return;
  const std::string_view host = host_of(h.text(next.event->detail));
  const std::string_view failed = h.text(e.detail);
  const bool names_host = contains(failed, "/" + std::string(h.text(e.repository)));
  if (names_host && !host.empty() && !contains(host, " ") && !contains(failed, host))
    proved(problem, CauseId::mirror_fallback, next);
}

}  // namespace

bool says_gone(const History& history, const Event& e) {
  if (e.kind != EventKind::gc_failed) return false;
  const std::string_view detail = history.text(e.detail);
  return e.status == 404 || contains(detail, "Path not found") ||
         contains(detail, "status code: 404");
}

CauseId probe_answered_by(const Event& store) {
  return store.route == Route::uploads ? CauseId::mount_fallback : CauseId::existence_probe;
}

void judge_noise(const Context& c, Problem& problem) {
  if (!problem.sight.event || problem.role != Role::error) return;
  const Event& e = *problem.sight.event;
  const Sight itself = problem.sight;
  if (e.kind == EventKind::harmless || e.kind == EventKind::secret_generated)
    return proved(problem, CauseId::existence_probe, itself);
  if (e.origin == Origin::client) return judge_told(c, e, problem);
  if (says_gone(c.history, e))  // its goal is met
    return proved(problem, CauseId::collector_delete_of_missing, itself);
  if (e.kind == EventKind::upstream_contact)  // it says itself that it goes on upstream
    return proved(problem, CauseId::pull_through_miss, itself);
  if (e.kind == EventKind::auth_challenge || (e.kind == EventKind::request && e.status == 401))
    return judge_challenge(c, e, problem);
  if (e.kind != EventKind::request) return;
  // A digest that is none cannot be there: the line proves itself.
  if (e.code == Code::DIGEST_INVALID && is_read(e.method))
    return proved(problem, CauseId::client_defect, itself);
  if (e.status != 404) return;
  const bool by_core = e.code == Code::NOT_FOUND;
  if ((e.code == Code::BLOB_UNKNOWN || by_core) && e.method == Method::HEAD &&
      e.route == Route::blob)
    return judge_blob_probe(c, e, problem);
  if ((e.code == Code::MANIFEST_UNKNOWN || (by_core && e.route == Route::manifest)) &&
      is_read(e.method)) {
    if (!contains(c.history.text(e.detail), "accept header")) judge_tag_probe(c, e, problem);
    return;
  }
  if (e.method == Method::DELETE && contains(c.history.text(e.agent), "harbor")) {
    const Sight gone = c.history.deletes.last_before(key_of(e.repository, e.digest), e.order());
    if (gone) proved(problem, CauseId::collector_delete_of_missing, gone);
  }
}

}  // namespace regtriage
