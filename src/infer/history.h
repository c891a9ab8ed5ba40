// What happened to each subject, in order: the questions that the rules ask of the facts, answered
// by bisection. A rule may ask per error line, and anyone can make error lines, so no answer costs
// more than O(log n) (a few bounded scans say so).
#pragma once

#include <string_view>

#include "infer/sight.h"
#include "infer/trouble.h"
#include "model/facts.h"

namespace regtriage {

// Immutable once made. Borrows the facts. Building is O(n log n) in events, O(touches) in touches.
inline constexpr TimeNs kUploadTime =
    6 * kHour;  // a slow client may take that long from HEAD to PUT

class History {
 public:
  explicit History(const Facts& facts, unsigned threads = 1);

  const Facts& facts;

  // By (repository, subject); a subject is a digest, or a tag for manifests.
  SightIndex stores;        // blob PUT 201, mount 201, manifest PUT 201: acknowledged as stored
  SightIndex reads;         // is_good_read, of what somebody missed
  SightIndex deletes;       // DELETE 202
  SightIndex misses;        // 404 by HEAD and GET
  SightIndex empty_reads;   // blob GET 200 with nothing written
  SightIndex refused;       // uploads of that digest that were refused: digest mismatch
  SightIndex refused_puts;  // manifest PUTs that the registry answered with 4xx
  // By digest in all repositories: stores and reads.
  SightIndex anywhere;
  SightIndex misses_of_digest;  // 404s of a digest in all repositories
  SightIndex collected;         // garbage collection marked it for deletion or deleted it
  // By (repository, client and agent): who_of. Many clients share an address; the agent tells some
  // of them apart.
  SightIndex upload_starts;  // POST uploads, any answer
  SightIndex failed_steps;   // steps of a push that failed: 5xx, upload codes
  SightIndex own_puts;       // manifest PUTs, any answer
  Timeline client_requests;  // every request event, for the next thing that a client did
  SightIndex
      parents;  // manifest reads with content, of clients that met an unknown manifest or blob
  // By (repository and subject, client and agent).
  SightIndex client_stores;  // as stores
  // The same of access lines, by agent alone: behind a proxy their client is the proxy.
  SightIndex agent_starts, agent_stores, agent_parents;
  SightIndex challenges;  // 401s that ask for credentials, by (client, agent)
  SightIndex tokens;      // a token that does not allow it, by (client, agent): it had one
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
  // Of Harbor: what core, jobservice and job logs said, by kind of event, in order; what core took
  // for pushed, by (repository, tag or digest); the front's answer where core changed the
  // registry's, by request id.
  SightIndex harbor_lines, harbor_pushes, core_answers;
  SightIndex misses_in_repository;  // 404s of manifests by Harbor's own client, by repository
  // By upload: purged.
  SightIndex purged;
  // By repository (none where the line names none): a proxy refused a body as too large, in the
  // proxy's words or the client's.
  SightIndex too_large;

  // "Is that layer here?" "No.", and the same client sent it: all that the log tells of that layer
  // up to then. Most error lines of a healthy registry are such; no other line needs them, so they
  // stand in no index but `client_requests`, and what was stored in `stores`.
  struct ClosedProbe {
    std::uint32_t probe, proof;  // places in facts.events
  };
  std::vector<ClosedProbe> closed_probes;  // by probe
  bool is_closed(const Event& e) const {
    return closed_[static_cast<std::size_t>(&e - facts.events.data())];
  }

  // Content or a redirect; not: 200 with nothing written.
  bool is_good_read(const Event& e) const;

  // By repository: a client says which image it is about to ask for.
  SightIndex wants;
  SightIndex all_wants;  // under 0: every client's line that names an image

  // Any answer that a registry or what stands before it tells of: not only a client's word.
  bool has_registry = false;
  bool redis_cache = false, memory_cache = false, is_proxy = false, is_harbor = false;
  TimeNs begin = kNoTime, end = kNoTime;

  // Does the front pass on what this source tells? Then it is the log of Harbor's own registry.
  bool is_behind_front(SourceId source) const { return behind_front_.count(source) != 0; }
  // Did core take, send or remove anything of that repository?
  bool is_of_harbor(NameId repository) const { return of_harbor_.count(key_of(repository)) != 0; }

  std::string_view text(NameId id) const { return facts.text(id); }
  static std::uint64_t request_key(const Hash128& bits) {
    return bits.hi ^ bits.lo * 0x9e3779b97f4a7c15ULL;
  }

 private:
  // Whom the rules will ask about: the flood around them is not indexed.
  struct Asked {
    KeySet subjects, digests, repositories, people, agents, clients, uploads;
    KeySet probed;           // subjects of the probes that are not closed
    bool collected = false;  // any collection: it speaks of digests that nobody asks for
  };
  // What touches add, found beside what events add.
  struct TouchRows {
    SightIndex reads, anywhere, parents, agent_parents, client_success, repository_answers;
    KeySet of_harbor;
  };
  void look_at_all();
  void index_stores();
  void find_own_registry();
  void add_setting(const Event& e);
  void add_stores(const Event& e);
  void add_client_stores(const Event& e);
  void collect_asked();
  void find_stories();
  void close_probes();
  bool was_sent(const Event& probe) const;
  void add_event(const Event& e);
  void add_answer(NameId repository, TimeNs order, const Sight& s);
  void add_request(const Event& e, const Sight& s);
  void add_trouble(const Event& e, const Sight& s);
  TouchRows rows_of_touches() const;
  void add(TouchRows&& rows);
  void sort_all(unsigned threads);

  // Of one layer in one repository, until it is known whom the rules ask about.
  struct Story {
    std::uint32_t probe = 0, proof = 0;  // places in facts.events
    bool open = false;                   // more to it than a question and its upload
  };

  Asked asked_;
  KeyMap<Story> stories_;
  std::vector<bool> closed_;  // probes and their proofs
  KeySet behind_front_;       // sources
  KeySet of_harbor_;
  KeyMap<TimeNs> last_answer_;  // by repository: one row a minute is enough
};

// The POST that may have begun an upload which this line is about: the client's last one before it.
Sight last_start(const History& h, const Event& e);
// The last manifest with content that the client of this line read before it; empty if none.
Sight last_parent(const History& h, const Event& e);
// The index that may name the manifest of this line: what the client read last, if the lines say
// that it is one, or if they do not say and it was in the same run of the client, which asks for a
// token anew when it starts. An image names no manifests. At most 8 reads back.
Sight last_index(const History& h, const Event& e);

// The subject of a manifest or blob request in an index: the tag if asked by tag, else the digest.
inline NameId asked_for(const Event& e) {
  if (e.route == Route::manifest)
    return e.tag != NameId::none ? e.tag : e.manifest != NameId::none ? e.manifest : e.digest;
  return e.digest;
}

bool is_read(Method m);
// An answer that moved content or says that it is there.
bool is_presence(const Event& e);

}  // namespace regtriage
