// What a record means for a registry: small, typed, owned.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/hash.h"
#include "base/string_table.h"
#include "base/time.h"
#include "model/position.h"
#include "model/words.h"

namespace regtriage {

using EventId = Hash128;

// The same thing before it is kept. Borrowed: valid while its record is. `classify` fills it,
// `facts` interns it.
struct EventDraft {
  EventKind kind = EventKind::none;
  Origin origin = Origin::app;
  Level level = Level::none;
  Method method = Method::none;
  Route route = Route::none;
  Code code = Code::none;
  bool code_inferred = false;  // from method, path and status
  int status = -1;
  std::int64_t written = -1;  // bytes; -1 unknown
  std::int64_t duration_ns = -1;
  TimeNs time = kNoTime;
  std::int64_t relative_s = -1;  // tty
  bool kept = false;             // see Event::kept
  bool whole_second = false;  // the time has no fraction (access lines: the *start* of the request)
  ManifestType manifest_type = ManifestType::unknown;

  // Redacted, decoded. `digest`: the blob, manifest or missing child that the line is about.
  std::string_view repository, digest, tag, client, agent, user, instance, upload, request;
  // A manifest request by digest whose line is about another digest (a missing child): the one
  // asked for.
  std::string_view manifest;
  std::string_view from;     // mount: source repository; mirror: registry asked for (ns=)
  std::string_view path;     // uri without query and secrets; only where route does not say it all
  std::string_view detail;   // err.detail, or what a rule's group named "detail" caught
  std::string_view rule;     // id of the rule
  std::int64_t offset = -1;  // upload: bytes so far, from _state, or "have" of an offset mismatch
  TimeNs upload_started = kNoTime;  // from _state
  EventId id;
};

// 136 bytes. Names are ids in the table of the Facts that hold the event.
struct Event {
  EventId id;
  TimeNs time = kNoTime;  // as printed (UTC); an access line's is the start of its second; of what
                          // was listed: when it was last written
  std::int64_t written = -1;
  std::int64_t offset = -1;  // upload offset; for an offset mismatch what the registry has; of what
                             // was listed: when (ns), -1 unknown
  Hash128 request;           // UUID bits; zero if none
  Position at;               // the smallest position that this event was seen at

  NameId repository{}, digest{}, tag{}, upload{}, client{}, agent{}, user{}, instance{}, from{},
      manifest{}, detail{}, rule{};
  std::uint32_t duration_us = 0;  // saturated; 0 unknown
  std::uint32_t order_ns = 0;     // order inside the printed time: lines of one source keep their
                                  // order (hint, not identity)
  std::int16_t status = -1;
  EventKind kind = EventKind::none;
  Method method = Method::none;
  Route route = Route::none;
  Code code = Code::none;
  Origin origin : 4 = Origin::app;
  Level level : 4 = Level::none;
  bool code_inferred : 1 = false;
  bool whole_second : 1 = false;
  ManifestType manifest_type : 2 = ManifestType::unknown;
  bool untimed : 1 = false;  // time lent by a neighbour
  bool kept : 1 = false;     // asked for as it is (--requests): never folded
  AnsweredBy answered_by : 2 = AnsweredBy::unknown;  // of a front's line, once joined

  // Lines of one run that nothing lends a time to keep their order, too.
  TimeNs order() const { return (time == kNoTime ? kBeforeAll : time) + order_ns; }
};

static_assert(sizeof(Event) == 136, "a log of 1 GB has half a million of them");

// Many harmless successes of one kind, folded (DESIGN §4): the first and last with their ids, and
// how many at least.
struct Touch {
  NameId repository{}, digest{}, tag{}, client{}, agent{}, instance{};
  Method method = Method::none;
  Route route = Route::none;
  Origin origin = Origin::app;
  bool whole_second = false;
  ManifestType manifest_type = ManifestType::unknown;
  std::int16_t status = -1;
  std::uint32_t hour = 0;  // hours since 1970
  std::int64_t written = -1;
  struct Sighting {
    TimeNs time = kNoTime;
    EventId id;
    Position at;
    std::uint32_t order_ns = 0;
    Hash128 request;

    TimeNs order() const { return time == kNoTime ? kBeforeAll : time + order_ns; }
  };
  Sighting first, last;  // by (time, id); equal if seen once

  bool seen_once() const { return first.id == last.id; }  // otherwise: at least twice
};

}  // namespace regtriage
