// The answer: findings, and a verdict for each error line and silent line. Derived from Facts,
// never accumulated.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/event.h"
#include "model/words.h"

namespace regtriage {

struct ScorePiece {
  std::string piece;  // a sentence: "the manifest PUT was acknowledged after the data was gone"
  Sign sign = Sign::evidence_for;
  int weight = 0;  // points; the score is the sum of for minus against
  std::vector<EventId> events;
};

struct Evidence {
  EventId event;
  Role role = Role::error;
  std::string why;  // what this line shows
  // Filled where the event lies (touch sightings and events alike), so that a report needs no
  // look-up.
  Position at;
  TimeNs time = kNoTime;
  std::string text;  // the event in one line, made of its (redacted) fields
};

struct Alternative {
  CauseId cause = CauseId::undetermined;
  Confidence confidence = Confidence::possible;
  std::string why;
};

struct Finding {
  std::string id;  // 12 hex digits of the hash of cause family, first subject and start of window
  std::vector<std::string> replaces;
  CauseId cause = CauseId::undetermined;
  CauseClass cause_class = CauseClass::undetermined;
  Verdict verdict = Verdict::undetermined;
  Confidence confidence = Confidence::possible;
  Severity severity = Severity::low;
  State state = State::unknown;
  std::string title, summary;  // one line; one paragraph
  std::vector<std::string> repositories, tags, digests, uploads, sessions, clients,
      instances;  // sorted, unique
  TimeNs first = kNoTime, last = kNoTime;
  std::uint64_t lines = 0, requests = 0;  // error and silent lines; requests behind them
  std::uint64_t unlisted =
      0;  // of these lines: about the same things as the others, and only counted
  std::vector<ScorePiece> score;
  std::vector<Evidence> evidence;  // by (time, id)
  std::vector<std::string> missing, remedy /* "do" */, do_not, confirm;
  std::vector<Alternative> alternatives;
};

// One error line or silent line.
struct Judged {
  EventId event;
  std::uint32_t index = 0;  // into Facts::events; kTouch: into Facts::touches
  bool is_touch = false;
  bool is_last = false;  // touch: the last sighting, not the first
  Verdict verdict = Verdict::undetermined;
  std::int32_t finding = -1;              // index into Judgement::findings, -1 none
  CauseId cause = CauseId::undetermined;  // also for noise: which kind of noise
  EventId proof;                          // the event that proves noise; zero if none
};

struct CodeCount {
  std::uint64_t noise = 0, client = 0, fault = 0, loss = 0, undetermined = 0;
  bool exact = true;  // false: some were inferred from access lines, where equal ones count once
  std::uint64_t total() const { return noise + client + fault + loss + undetermined; }
};

struct Layer {
  std::string digest,
      status;  // "uploaded", "mounted", "skipped" (HEAD said it is there), "failed", "open"
  std::string upload;
};

// One push by one client (DESIGN §4).
struct Session {
  std::string id;                                              // 12 hex digits
  std::string repository, client, agent, user, tag, manifest;  // manifest: digest if known
  std::vector<Layer> layers;
  std::vector<std::string> instances;
  TimeNs first = kNoTime, last = kNoTime;
  SessionResult result = SessionResult::open;
};

// All lines of one request, across components.
struct JoinedRequest {
  std::vector<std::uint32_t> events;  // indexes into Facts::events; the first is the outermost line
  AnsweredBy answered_by = AnsweredBy::unknown;
};

struct Judgement {
  std::vector<Finding> findings;                    // by severity, then first time, then id
  std::vector<Judged> judged;                       // by (order, id)
  std::map<std::string, CodeCount> codes;           // key: "BLOB_UNKNOWN" …
  std::map<CauseId, std::uint64_t> kinds_of_noise;  // of the lines that `codes` counts
  std::vector<Session> sessions;
  // Error lines that `codes` counts as undetermined and nothing else tells of, for they were too
  // many (model/remainder.h).
  std::uint64_t unjudged = 0;
};

}  // namespace regtriage
