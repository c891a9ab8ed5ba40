#include "infer/history.h"

#include <tsl/robin_set.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "base/parallel.h"
#include "base/text.h"

namespace regtriage {
namespace {

constexpr std::size_t kWorthAThread = 50'000;  // events

// sha256 of nothing: a blob of zero bytes is rightly answered with nothing written.
constexpr std::string_view kEmptyBlob =
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

bool is_collection(EventKind kind) {
  return kind == EventKind::gc_delete_blob || kind == EventKind::gc_delete_manifest ||
         kind == EventKind::gc_eligible_blob || kind == EventKind::gc_eligible_manifest;
}

// What this event stored; none if it stored nothing.
NameId stored_by(const Event& e) {
  const bool push_step = e.method == Method::POST || e.method == Method::PUT;
  if (e.kind != EventKind::request || e.status != 201 || !push_step) return NameId::none;
  if (e.route != Route::upload && e.route != Route::uploads && e.route != Route::manifest)
    return NameId::none;
  return e.route == Route::manifest ? asked_for(e) : e.digest;
}

}  // namespace

bool is_read(Method m) { return m == Method::GET || m == Method::HEAD; }

bool is_presence(const Event& e) { return is_read(e.method) && e.status >= 200 && e.status < 400; }

History::History(const Facts& f, unsigned threads) : facts(f) {
  if (f.events.size() < kWorthAThread) threads = 1;
  // Stores first: with them a probe that was followed by its upload needs no more rows.
  const auto look_over = [this] {
    look_at_all();
    index_stores();
  };
  side_by_side(threads, look_over, [this] { find_stories(); });
  find_own_registry();
  collect_asked();
  close_probes();
  stories_ = {};
  TouchRows of_touches;
  const auto add_rest = [&] {
    for (const Event& e : facts.events) add_client_stores(e);
    of_touches = rows_of_touches();
  };
  side_by_side(threads, add_rest, [this] {
    for (const Event& e : facts.events) add_event(e);
  });
  add(std::move(of_touches));
  sort_all(threads);
  asked_ = {};
  last_answer_ = {};
}

void History::look_at_all() {
  has_registry = !facts.touches.empty();
  for (const Event& e : facts.events) {
    has_registry |= e.kind == EventKind::request && e.origin != Origin::client;
    redis_cache |= e.kind == EventKind::cache_redis;
    memory_cache |= e.kind == EventKind::cache_memory;
    // A registry that calls another's /v2/ is a pull-through cache, even if its start is not in the
    // log.
    is_proxy |=
        e.kind == EventKind::proxy_configured || (e.kind == EventKind::request && e.status >= 500 &&
                                                  contains(text(e.detail), "/v2/\": dial "));
    if (e.kind == EventKind::configured) add_setting(e);
    // When a listed object was written is no time of the log.
    if (e.time == kNoTime || e.origin == Origin::inventory) continue;
    begin = begin == kNoTime ? e.time : std::min(begin, e.time);
    end = end == kNoTime ? e.time : std::max(end, e.time);
  }
  for (const Remainder& r : facts.remainders) {
    begin = begin == kNoTime ? r.first : std::min(begin, r.first);
    end = end == kNoTime ? r.last : std::max(end, r.last);
  }
  for (const Touch& t : facts.touches) {
    if (t.first.time == kNoTime) continue;
    begin = begin == kNoTime ? t.first.time : std::min(begin, t.first.time);
    end = end == kNoTime ? t.last.time : std::max(end, t.last.time);
  }
}

void History::index_stores() {
  stores.reserve(static_cast<std::size_t>(
      std::count_if(facts.events.begin(), facts.events.end(),
                    [](const Event& e) { return stored_by(e) != NameId::none; })));
  for (const Event& e : facts.events) add_stores(e);
  stores.sort();
  client_requests.build(
      facts.events, [](const Event& e) { return e.kind == EventKind::request; }, who_of<Event>);
}

// distribution docs/configuration.md v2.8.3
void History::add_setting(const Event& e) {
  const std::string_view key = text(e.from), value = text(e.detail);
  redis_cache |= key == "storage.cache.blobdescriptor" && value == "redis";
  memory_cache |= key == "storage.cache.blobdescriptor" && value == "inmemory";
  is_proxy |= key == "proxy.remoteurl";
}

void History::add_stores(const Event& e) {
  const NameId what = stored_by(e);
  if (what == NameId::none) return;
  Sight s;
  s.event = &e;
  stores.add(key_of(e.repository, what), s);
  // A PUT by tag whose digest is known: Harbor's since 2.15, which its front names by tag.
  if (e.route == Route::manifest && e.digest != NameId::none && e.digest != what)
    stores.add(key_of(e.repository, e.digest), s);
  if (e.route == Route::manifest) manifest_puts.add(key_of(e.repository), s);
}

void History::add_client_stores(const Event& e) {
  const NameId what = stored_by(e);
  if (what == NameId::none || is_closed(e)) return;
  Sight s;
  s.event = &e;
  client_stores.add(store_of(e, what), s);
  if (e.origin == Origin::access) agent_stores.add(key_of(e.repository, what, e.agent), s);
}

namespace {

bool is_probe(const Event& e) {
  return e.code == Code::BLOB_UNKNOWN && e.method == Method::HEAD && e.route == Route::blob &&
         e.status == 404;
}

// nginx's ngx_http_discard_request_body and its page of 413, as clients show it.
bool is_too_large(const Event& e, std::string_view detail) {
  if (e.kind == EventKind::request) return e.status == 413;
  if (e.kind == EventKind::request_detail) return contains(detail, "to send too large ");
  return e.origin == Origin::client && contains(detail, "413");
}

}  // namespace

// The first line of a layer decides: only if it is a question, and the next thing told is that the
// same client sent it, is that all. Events are in order.
void History::find_stories() {
  KeySet helped;  // requests about which other lines speak
  for (const Event& e : facts.events)
    if (e.kind != EventKind::request && e.kind != EventKind::echo && e.request)
      helped.insert(request_key(e.request));
  for (std::uint32_t i = 0; i < facts.events.size(); ++i) {
    const Event& e = facts.events[i];
    if (e.digest == NameId::none || e.origin == Origin::client || e.origin == Origin::inventory)
      continue;
    const auto key = key_of(e.repository, e.digest);
    if (e.kind == EventKind::echo) continue;
    if (e.kind != EventKind::request) {
      stories_[key].open = true;
    } else if (is_probe(e)) {
      const auto [at, fresh] = stories_.try_emplace(key, Story{i});
      Story& story = at.value();
      story.open |=
          !fresh || e.whole_second || (e.request && helped.count(request_key(e.request)) != 0);
    } else if (stored_by(e) == e.digest) {
      const auto [at, fresh] = stories_.try_emplace(key);
      Story& story = at.value();
      const Event& probe = facts.events[story.probe];
      story.open |= fresh || story.proof != 0 || e.whole_second || e.client != probe.client ||
                    e.agent != probe.agent || e.order() - probe.order() >= kUploadTime;
      story.proof = i;
    } else if (is_read(e.method)) {
      const auto [at, fresh] = stories_.try_emplace(key);
      if (fresh) at.value().open = true;
    }
  }
  for (const Touch& t : facts.touches) {
    if (t.route != Route::blob) continue;
    const auto at = stories_.find(key_of(t.repository, t.digest));
    if (at != stories_.end() && t.first.time < facts.events[at->second.probe].order())
      at.value().open = true;
  }
}

// The cheap case of judge_noise (probes.cc), told for all probes at once.
void History::close_probes() {
  closed_.assign(facts.events.size(), false);
  for (const auto& [key, story] : stories_) {
    if (story.proof == 0) continue;
    const Event& probe = facts.events[story.probe];
    if (story.open || asked_.subjects.count(key) != 0 ||
        asked_.digests.count(key_of(probe.digest)) != 0) {
      asked_.probed.insert(key);
      continue;
    }
    closed_probes.push_back({story.probe, story.proof});
    closed_[story.probe] = closed_[story.proof] = true;
  }
  std::sort(closed_probes.begin(), closed_probes.end(),
            [](const ClosedProbe& a, const ClosedProbe& b) { return a.probe < b.probe; });
}

void History::find_own_registry() {
  KeySet passed_on;
  for (const Event& e : facts.events)
    if (e.kind == EventKind::echo && e.request) {
      passed_on.insert(request_key(e.request));
      if (e.status < 400) of_harbor_.insert(key_of(e.repository));
    }
  if (passed_on.empty()) return;
  for (const Event& e : facts.events)
    if (e.origin == Origin::app && e.request && passed_on.count(request_key(e.request)) != 0)
      behind_front_.insert(e.at.source);
}

bool History::was_sent(const Event& probe) const {
  const auto key = key_of(probe.repository, probe.digest);
  const auto at = stories_.find(key);
  if (at != stories_.end() && !at->second.open && at->second.proof != 0) return true;
  return static_cast<bool>(stores.first_from(key, probe.whole_second ? probe.time : probe.order()));
}

void History::collect_asked() {
  for (const Event& e : facts.events) {
    const bool unauthorized = e.status == 401 || e.kind == EventKind::auth_challenge;
    if (unauthorized) asked_.clients.insert(key_of(e.client));
    asked_.collected |= is_collection(e.kind);
    const bool error = e.code != Code::none || e.kind != EventKind::request;
    if (error && e.upload != NameId::none) asked_.uploads.insert(key_of(e.upload));
    if (e.kind != EventKind::request) continue;
    const bool probe = is_probe(e) && was_sent(e);
    const bool turned = e.method == Method::GET && e.route == Route::upload;
    if (turned && e.upload != NameId::none) asked_.uploads.insert(key_of(e.upload));
    const bool empty = e.method == Method::GET && e.status == 200 && e.written == 0;
    const bool odd = (error && !probe) || empty || (e.status == 307 && e.route == Route::blob) ||
                     (e.method == Method::PUT && e.route == Route::manifest) ||
                     e.method == Method::DELETE;
    if (!odd) continue;
    for (const NameId what : {e.digest, e.tag, e.manifest})
      if (what != NameId::none) asked_.subjects.insert(key_of(e.repository, what));
    if ((error || empty) && e.digest != NameId::none) asked_.digests.insert(key_of(e.digest));
    if (error) asked_.repositories.insert(key_of(e.repository));
    if (error) asked_.people.insert(who_of(e));
    if (error) asked_.agents.insert(key_of(e.repository, e.agent));
  }
}

void History::add_answer(NameId repository, TimeNs order, const Sight& s) {
  if (asked_.repositories.count(key_of(repository)) == 0) return;
  const auto [at, fresh] = last_answer_.try_emplace(key_of(repository), order);
  if (!fresh && std::abs(order - at->second) < kMinute) return;
  at.value() = order;
  repository_answers.add(key_of(repository), s);
}

void History::add_event(const Event& e) {
  Sight s;
  s.event = &e;
  if (e.upload != NameId::none && asked_.uploads.count(key_of(e.upload)) != 0)
    uploads.add(key_of(e.upload), s);
  if (e.origin == Origin::client && e.repository != NameId::none) all_wants.add(0, s);
  if (is_too_large(e, text(e.detail))) too_large.add(key_of(e.repository), s);
  const bool closed = is_closed(e);
  if (e.request && !closed && (e.code != Code::none || e.kind != EventKind::request))
    requests.add(request_key(e.request), s);
  switch (e.kind) {
    case EventKind::request:
      return add_request(e, s);
    case EventKind::start:
      return starts.add(0, s);
    case EventKind::cache_error:
      return cache_failures.add(0, s);
    case EventKind::purge_upload:
      return purged.add(key_of(e.upload), s);
    case EventKind::pushed:
      of_harbor_.insert(key_of(e.repository));
      for (const NameId what : {e.tag, e.digest})
        if (what != NameId::none) harbor_pushes.add(key_of(e.repository, what), s);
      return;
    case EventKind::deleted:
      of_harbor_.insert(key_of(e.repository));
      for (const NameId what : {e.tag, e.digest})
        if (what != NameId::none) deletes.add(key_of(e.repository, what), s);
      return;
    case EventKind::database_error:
    case EventKind::quota_refused:
    case EventKind::upstream_fallback:
    case EventKind::core_error:
    case EventKind::core_aborted:
    case EventKind::gc_failed:
    case EventKind::auth_failure:
    case EventKind::replication_error:
      return harbor_lines.add(key_of_kind(e.kind), s);
    case EventKind::client_wants:
      return wants.add(key_of(e.repository), s);
    case EventKind::auth_challenge:
      return challenges.add(key_of(e.client, e.agent), s);
    case EventKind::auth_scope:
      // Of a refusal the registry prints no other line.
      if (e.method == Method::POST && e.route == Route::uploads) upload_starts.add(who_of(e), s);
      return tokens.add(key_of(e.client, e.agent), s);
    case EventKind::gc_delete_blob:
    case EventKind::gc_delete_manifest:
    case EventKind::gc_eligible_blob:
    case EventKind::gc_eligible_manifest:  // see is_collection
      if (e.digest != NameId::none) collected.add(key_of(e.digest), s);
      return;
    default:
      return;
  }
}

void History::add_request(const Event& e, const Sight& s) {
  if (e.origin == Origin::front) {
    is_harbor = true;
    if (e.status < 400) of_harbor_.insert(key_of(e.repository));
    if (e.request) core_answers.add(request_key(e.request), s);
  }
  const TimeNs order = e.order();
  const auto subject = key_of(e.repository, asked_for(e));
  const bool known_digest = asked_.digests.count(key_of(asked_for(e))) != 0;
  if (e.status > 0 && e.status < 400 && asked_.clients.count(key_of(e.client)) != 0)
    client_success.add(key_of(e.client), s);
  if (e.status == 401) challenges.add(key_of(e.client, e.agent), s);
  if (e.route == Route::uploads && e.method == Method::POST) {
    upload_starts.add(who_of(e), s);
    if (e.origin == Origin::access) agent_starts.add(key_of(e.repository, e.agent), s);
  }
  if (e.route == Route::manifest && e.method == Method::PUT) own_puts.add(who_of(e), s);
  const bool push_step =
      e.method == Method::POST || e.method == Method::PUT || e.method == Method::PATCH;
  if (push_step && e.status >= 400 && (e.status >= 500 || e.route == Route::upload))
    failed_steps.add(who_of(e), s);
  if (e.status >= 500 && e.code == Code::UNKNOWN) add_trouble(e, s);
  if (push_step && e.status == 201) {
    add_answer(e.repository, order, s);
    const NameId what = e.route == Route::manifest ? asked_for(e) : e.digest;
    if (what != NameId::none && asked_.digests.count(key_of(what)) != 0)
      anywhere.add(key_of(what), s);
    return;
  }
  if (e.code == Code::DIGEST_INVALID && e.route == Route::upload && e.digest != NameId::none)
    refused.add(key_of(e.repository, e.digest), s);
  if (e.route == Route::manifest && e.method == Method::PUT && e.status >= 400 && e.status < 500)
    refused_puts.add(subject, s);
  if (e.route != Route::manifest && e.route != Route::blob) return;
  // 202, and 200 from Harbor's own API.
  if (e.method == Method::DELETE && e.status >= 200 && e.status < 300) {
    if (e.repository == NameId::none) return collected.add(key_of(e.digest), s);  // registryctl
    deletes.add(subject, s);
    if (e.route == Route::manifest) manifest_deletes.add(key_of(e.repository), s);
    return;
  }
  if (!is_read(e.method)) return;
  if (is_closed(e)) return;
  if (e.status == 404) {
    misses.add(subject, s);
    if (e.route == Route::manifest && contains(text(e.agent), "harbor-registry-client"))
      misses_in_repository.add(key_of(e.repository), s);
    if (e.digest != NameId::none && known_digest) misses_of_digest.add(key_of(e.digest), s);
    // By tag, the message names the digest that the tag stands for.
    if (e.tag != NameId::none && e.digest != NameId::none)
      misses.add(key_of(e.repository, e.digest), s);
  } else if (is_good_read(e)) {
    const bool asked = asked_.subjects.count(subject) != 0 || asked_.probed.count(subject) != 0 ||
                       asked_.collected;
    if (asked) reads.add(subject, s);
    add_answer(e.repository, order, s);
    if (known_digest) anywhere.add(key_of(asked_for(e)), s);
  } else if (is_presence(e)) {
    empty_reads.add(subject, s);
  }
}

bool History::is_good_read(const Event& e) const {
  if (e.kind != EventKind::request || !is_read(e.method) || !is_presence(e)) return false;
  if (e.route != Route::manifest && e.route != Route::blob) return false;
  return e.route != Route::blob || e.method != Method::GET || e.status != 200 || e.written != 0 ||
         text(e.digest) == kEmptyBlob;
}

void History::add_trouble(const Event& e, const Sight& s) {
  const Trouble trouble = trouble_of(text(e.detail), is_proxy);
  if (trouble == Trouble::upstream_unreachable || trouble == Trouble::upstream_limited)
    upstream_failures.add(0, s);
  else if (trouble != Trouble::client_gone && trouble != Trouble::stale_stat)
    storage_failures.add(0, s);
}

// Good reads of what somebody missed, and of the clients that missed something: nothing else of the
// flood is needed.
History::TouchRows History::rows_of_touches() const {
  TouchRows rows;
  KeyMap<Sight> answers;  // the first of a repository and hour: touches are in the order of names
  for (const Touch& t : facts.touches) {
    // Of a front only the tags are news: the registry's own lines tell of digests, and more
    // exactly.
    if (t.origin == Origin::front && t.tag == NameId::none) continue;
    if (t.origin == Origin::front) rows.of_harbor.insert(key_of(t.repository));
    const NameId what = t.route == Route::manifest && t.tag != NameId::none ? t.tag : t.digest;
    const bool subject = asked_.subjects.count(key_of(t.repository, what)) != 0;
    const bool digest = asked_.digests.count(key_of(what)) != 0;
    const bool parent =
        t.route == Route::manifest && t.status == 200 && asked_.people.count(who_of(t)) != 0;
    const bool by_agent = t.origin == Origin::access && t.route == Route::manifest &&
                          t.status == 200 &&
                          asked_.agents.count(key_of(t.repository, t.agent)) != 0;
    const bool client = asked_.clients.count(key_of(t.client)) != 0;
    for (const bool last : {false, true}) {
      if (last && t.seen_once()) continue;
      Sight s;
      s.touch = &t;
      s.last = last;
      if (subject) rows.reads.add(key_of(t.repository, what), s);
      if (digest) rows.anywhere.add(key_of(what), s);
      if (parent) rows.parents.add(who_of(t), s);
      if (by_agent) rows.agent_parents.add(key_of(t.repository, t.agent), s);
      if (client) rows.client_success.add(key_of(t.client), s);
    }
    if (asked_.repositories.count(key_of(t.repository)) == 0) continue;
    Sight s;
    s.touch = &t;
    const auto [at, fresh] =
        answers.try_emplace(key_of(t.repository, static_cast<NameId>(t.hour)), s);
    const Sight& known = at->second;
    if (!fresh && std::tuple(s.order(), s.id()) < std::tuple(known.order(), known.id()))
      at.value() = s;
  }
  for (const auto& [key, s] : answers) rows.repository_answers.add(key_of(s.repository()), s);
  return rows;
}

void History::add(TouchRows&& rows) {
  reads.add(rows.reads);
  anywhere.add(rows.anywhere);
  parents.add(rows.parents);
  agent_parents.add(rows.agent_parents);
  client_success.add(rows.client_success);
  repository_answers.add(rows.repository_answers);
  of_harbor_.insert(rows.of_harbor.begin(), rows.of_harbor.end());
}

void History::sort_all(unsigned threads) {
  SightIndex* const all[] = {&stores,
                             &reads,
                             &deletes,
                             &misses,
                             &empty_reads,
                             &refused,
                             &refused_puts,
                             &anywhere,
                             &collected,
                             &misses_of_digest,
                             &upload_starts,
                             &failed_steps,
                             &own_puts,
                             &parents,
                             &client_stores,
                             &agent_starts,
                             &agent_stores,
                             &agent_parents,
                             &challenges,
                             &tokens,
                             &repository_answers,
                             &manifest_deletes,
                             &manifest_puts,
                             &client_success,
                             &uploads,
                             &requests,
                             &starts,
                             &upstream_failures,
                             &storage_failures,
                             &harbor_lines,
                             &harbor_pushes,
                             &core_answers,
                             &misses_in_repository,
                             &cache_failures,
                             &purged,
                             &too_large,
                             &wants,
                             &all_wants};
  for_each_row(std::size(all), threads, 1, [&all](std::size_t i) { all[i]->sort(); });
}

}  // namespace regtriage
