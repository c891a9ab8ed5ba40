// The rules: each looks at one problem line and adds the causes that could explain it. Pure; O(log
// n) a call.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "infer/candidate.h"
#include "infer/context.h"

namespace regtriage {

struct Situation {
  const Context& context;
  const History& h;
  const Event& e;
  TimeNs at;  // e.order()
  std::string_view detail;
};

using Candidates = std::vector<Candidate>;

// The catalogue: a rule examines problems of some codes; what it cannot say it leaves alone.
struct CauseRule {
  std::string_view name;
  void (*examine)(const Situation&, Candidates&);
};
std::span<const CauseRule> rules();

// One file a family.
void examine_deletion(const Situation&, Candidates&);  // somebody removed it
void examine_stale_cache(const Situation&,
                         Candidates&);                 // a descriptor says "here", the data is gone
void examine_replicas(const Situation&, Candidates&);  // two answers in turn
void examine_restart(const Situation&, Candidates&);   // everything unknown after a start
void examine_upstream(const Situation&, Candidates&);  // a pull-through cache's upstream
void examine_unknown_tag(const Situation&, Candidates&);
void examine_unknown_manifest(const Situation&, Candidates&);
void examine_unknown_blob(const Situation&, Candidates&);
void examine_unknown_name(const Situation&, Candidates&);
void examine_manifest_put(const Situation&, Candidates&);
void examine_upload(const Situation&, Candidates&);
void examine_too_large(const Situation&, Candidates&);  // a proxy in front ended the upload
void examine_digest(const Situation&, Candidates&);
void examine_failed_push(const Situation&,
                         Candidates&);                // unknown because the push before it failed
void examine_refusal(const Situation&, Candidates&);  // 401, 403, 405, 429
void examine_server_error(const Situation&, Candidates&);  // 5xx with a storage or upstream text
void examine_harbor(const Situation&, Candidates&);        // what core decided by itself
void examine_peer(const Situation&, Candidates&);  // replication, and the registry behind it
void examine_cache_error(const Situation&, Candidates&);
// What listings, tables and configurations say, for and against what the others found: the last.
void examine_evidence(const Situation&, Candidates&);     // the storage and the cache
void examine_harbor_rows(const Situation&, Candidates&);  // Harbor's tables
void examine_settings(const Situation&, Candidates&);
// The configuration, if it is there and has no descriptor cache, and no line tells of one: nothing
// can be stale.
Sight no_cache(const Context&);
// … of an upload that a client cannot go on with, because its Location leads elsewhere.
void weigh_location(const Settings&, Candidate&);
void examine_client(const Situation&, Candidates&);  // what a client's own line proves; no other
                                                     // rule looks at such a line

// deletion.cc: the row of a retention job's table that this line may be about; empty if none.
Sight removed_by_rule(const Situation&);

// Group names. A finding is one cause and one group, split where nothing happened for a while (see
// assemble.cc).
GroupName group_of(const Situation&, NameId a, NameId b = NameId::none);

// What the request asked for: tag, else digest.
inline NameId subject_of(const Situation& s) { return asked_for(s.e); }
inline std::uint64_t subject_key(const Situation& s) {
  return key_of(s.e.repository, subject_of(s));
}
bool names_driver(std::string_view detail);  // begins with the name of a storage driver
// A 404 whose detail is the storage driver's own error: 2.5 and before answer so by tag
// (distribution registry/handlers/images.go v2.5.0).
bool is_storage_error_as_unknown(const Situation& s);
// The line is of a registry that Harbor copies from or to, not of Harbor's own.
bool is_of_other_registry(const Situation& s);
bool is_unknown_tag(const Situation& s);       // detail says that the tag link is missing
bool is_unknown_revision(const Situation& s);  // … that what the tag or digest names is missing

// A proxy's or a client's word, moments around this line, that a body was too large.
Sight refused_as_too_large(const Situation& s);

// The last sign that the subject was there before this line.
Sight last_presence(const Situation& s, std::uint64_t key);

}  // namespace regtriage
