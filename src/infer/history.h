// What happened to each subject, in order: the questions that the rules ask of the facts, answered
// by bisection. A rule may ask per error line, and anyone can make error lines, so no answer costs
// more than O(log n) (a few bounded scans say so).
#pragma once

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infer/judge.h"
#include "model/facts.h"

namespace regtriage {

// Keys are made of small numbers: a table needs them mixed.
struct KeyHash {
  std::size_t operator()(std::uint64_t key) const {
    key = (key ^ key >> 32) * 0xd6e8feb86659fd93ULL;
    key = (key ^ key >> 32) * 0xd6e8feb86659fd93ULL;
    return key ^ key >> 32;
  }
};
using KeySet = tsl::robin_set<std::uint64_t, KeyHash>;
template <class T>
using KeyMap = tsl::robin_map<std::uint64_t, T, KeyHash>;

// One sighting: an event, or the first or last of a touch. Borrowed from the Facts.
struct Sight {
  const Event* event = nullptr;
  const Touch* touch = nullptr;
  bool last = false;

  explicit operator bool() const { return event != nullptr || touch != nullptr; }
  const Touch::Sighting& seen() const { return last ? touch->last : touch->first; }
  TimeNs time() const { return event ? event->time : seen().time; }
  TimeNs order() const { return event ? event->order() : seen().time + seen().order_ns; }
  EventId id() const { return event ? event->id : seen().id; }
  Position at() const { return event ? event->at : seen().at; }
  NameId repository() const { return event ? event->repository : touch->repository; }
  NameId digest() const { return event ? event->digest : touch->digest; }
  NameId tag() const { return event ? event->tag : touch->tag; }
  NameId client() const { return event ? event->client : touch->client; }
  NameId agent() const { return event ? event->agent : touch->agent; }
  Method method() const { return event ? event->method : touch->method; }
  Route route() const { return event ? event->route : touch->route; }
  int status() const { return event ? event->status : touch->status; }
  std::int64_t written() const { return event ? event->written : touch->written; }
};

// Sorted (key, order) → sighting. Keys are made of NameIds by key_of.
class SightIndex {
 public:
  void add(std::uint64_t key, TimeNs order, Sight sight) {
    rows_.push_back({key, order, packed(sight)});
  }
  void sort();
  Sight first_after(std::uint64_t key, TimeNs order) const;  // order > given
  Sight first_from(std::uint64_t key, TimeNs order) const;   // order >= given
  Sight last_before(std::uint64_t key, TimeNs order) const;  // order < given
  Sight first(std::uint64_t key) const;
  Sight last(std::uint64_t key) const;
  bool any(std::uint64_t key) const { return static_cast<bool>(first(key)); }
  // The rows of a key; for scans that state their bound.
  struct Row {
    std::uint64_t key;
    TimeNs order;
    std::uintptr_t
        packed;  // address of the event or touch, and which in its low bits: a log makes many rows
    Sight sight() const { return unpacked(packed); }
  };
  std::span<const Row> rows(std::uint64_t key) const;
  std::span<const Row> all() const { return rows_; }

 private:
  static std::uintptr_t packed(const Sight& s) {
    static_assert(alignof(Event) >= 4 && alignof(Touch) >= 4);
    return s.event ? reinterpret_cast<std::uintptr_t>(s.event)
                   : reinterpret_cast<std::uintptr_t>(s.touch) | (s.last ? 3U : 1U);
  }
  static Sight unpacked(std::uintptr_t packed) {
    Sight s;
    if ((packed & 1U) == 0)
      s.event = reinterpret_cast<const Event*>(packed);
    else
      s.touch = reinterpret_cast<const Touch*>(packed & ~std::uintptr_t{3});
    s.last = (packed & 2U) != 0;
    return s;
  }
  std::vector<Row> rows_;
};

inline std::uint64_t key_of(NameId a, NameId b = NameId::none) {
  return static_cast<std::uint64_t>(a) << 32 | static_cast<std::uint64_t>(b);
}
std::uint64_t key_of(NameId a, NameId b, NameId c);
std::uint64_t key_of(NameId a, NameId b, NameId c, NameId d);
template <class T>
std::uint64_t who_of(const T& e) {
  return key_of(e.repository, e.client, e.agent);
}
template <class T>
std::uint64_t store_of(const T& e, NameId subject) {
  return key_of(e.repository, subject, e.client, e.agent);
}

// Immutable once made. Borrows the facts. Building is O(n log n) in events, O(touches) in touches.
class History {
 public:
  explicit History(const Facts& facts);

  const Facts& facts;

  // By (repository, subject); a subject is a digest, or a tag for manifests.
  SightIndex stores;   // blob PUT 201, mount 201, manifest PUT 201: acknowledged as stored
  SightIndex reads;    // answered with content or a redirect: HEAD and GET, 200 and 307 (not: 200
                       // with nothing written)
  SightIndex deletes;  // DELETE 202
  SightIndex misses;   // 404 by HEAD and GET
  SightIndex empty_reads;  // blob GET 200 with nothing written
  SightIndex refused;      // uploads of that digest that were refused: digest mismatch
  // By digest in all repositories: stores and reads.
  SightIndex anywhere;
  SightIndex misses_of_digest;  // 404s of a digest in all repositories
  SightIndex collected;         // garbage collection marked it for deletion or deleted it
  // By (repository, client and agent): who_of. Many clients share an address; the agent tells some
  // of them apart.
  SightIndex upload_starts;    // POST uploads, any answer
  SightIndex failed_steps;     // steps of a push that failed: 5xx, upload codes
  SightIndex client_requests;  // every request event, for the next thing that a client did
  SightIndex
      parents;  // manifest reads with content, of clients that met an unknown manifest or blob
  // By (repository and subject, client and agent).
  SightIndex client_stores;  // as stores
  // The same of access lines, by agent alone: behind a proxy their client is the proxy.
  SightIndex agent_starts, agent_stores, agent_parents;
  SightIndex challenges;  // 401s that ask for credentials, by (client, agent)
  // By repository.
  SightIndex repository_answers;               // stores and reads: the repository was there
  SightIndex manifest_deletes, manifest_puts;  // a PUT by tag does not log its digest
  // By client alone.
  SightIndex client_success;  // any answer below 400
  // By upload id, and by request id.
  SightIndex uploads, requests;
  // Under the key 0, in order: starts, upstream failures, upstream contacts, cache errors, storage
  // errors, purges.
  SightIndex starts, upstream_failures, storage_failures, cache_failures;
  // By upload: purged.
  SightIndex purged;

  bool redis_cache = false, memory_cache = false, is_proxy = false;
  TimeNs begin = kNoTime, end = kNoTime;

  std::string_view text(NameId id) const { return facts.text(id); }
  static std::uint64_t request_key(const Hash128& bits) {
    return bits.hi ^ bits.lo * 0x9e3779b97f4a7c15ULL;
  }

 private:
  // Whom the rules will ask about: the flood around them is not indexed.
  struct Asked {
    KeySet subjects, digests, people, agents, clients, uploads;
  };
  void add_stores(const Event& e);
  void collect_asked();
  void add_event(const Event& e);
  void add_answer(NameId repository, TimeNs order, const Sight& s);
  void add_request(const Event& e, const Sight& s);
  void add_trouble(const Event& e, const Sight& s);
  void add_touches();
  void sort_all();

  Asked asked_;
  KeyMap<TimeNs> last_answer_;  // by repository: one row a minute is enough
};

// The POST that may have begun an upload which this line is about: the client's last one before it.
Sight last_start(const History& h, const Event& e);
// The last manifest with content that the client of this line read before it; empty if none.
Sight last_parent(const History& h, const Event& e);

// The subject of a manifest or blob request in an index: the tag if asked by tag, else the digest.
inline NameId asked_for(const Event& e) {
  if (e.route == Route::manifest)
    return e.tag != NameId::none ? e.tag : e.manifest != NameId::none ? e.manifest : e.digest;
  return e.digest;
}

bool is_read(Method m);
// An answer that moved content or says that it is there.
bool is_presence(const Event& e);
// An upstream or storage text in the detail of a 5xx.
enum class Trouble {
  none,
  access_denied,
  full,
  upstream_unreachable,
  upstream_limited,
  upstream_other,
  upload_path,
  stale_stat,
  client_gone,
  storage
};
Trouble trouble_of(std::string_view detail, bool proxy);

}  // namespace regtriage
