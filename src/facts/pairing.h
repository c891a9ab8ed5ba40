// Two lines of one request: the application line and the access line (DESIGN §4). The access line
// has no id, no fraction of a second and, behind a proxy, another client address; it is the same
// request if method, path and status agree and the access line's second lies within or beside the
// request.
#pragma once

#include <cstdint>

#include "model/event.h"

namespace regtriage {

// Equal for the two lines of one request. Only for events of one name table.
inline std::uint64_t pairing_key(Method method, Route route, NameId repository, NameId subject,
                                 int status) {
  std::uint64_t key =
      static_cast<std::uint64_t>(repository) << 32 | static_cast<std::uint64_t>(subject);
  key ^= static_cast<std::uint64_t>(method) << 60 ^ static_cast<std::uint64_t>(route) << 54 ^
         static_cast<std::uint64_t>(static_cast<unsigned>(status)) << 44;
  key = (key ^ key >> 29) * 0xbf58476d1ce4e5b9ULL;
  return key ^ key >> 32;
}

// What of a request's path names its subject, in the way both lines can tell.
template <class T>
NameId path_subject(const T& e) {
  switch (e.route) {
    case Route::manifest:
      return e.tag != NameId::none ? e.tag : e.manifest != NameId::none ? e.manifest : e.digest;
    case Route::upload:
      return e.upload;
    default:
      return e.digest;
  }
}

// Status of the answer that an application line tells of: a refusal's warning prints none.
inline int answered_status(const Event& e) {
  const bool refused = e.kind == EventKind::auth_challenge || e.kind == EventKind::auth_failure ||
                       e.kind == EventKind::auth_scope || e.kind == EventKind::auth_token_invalid;
  return refused ? 401 : e.status;
}

// Lines that another line of the same request may fold into.
inline bool tells_of_answer(const Event& e) {
  return (e.origin == Origin::app || e.origin == Origin::access) && answered_status(e) > 0 &&
         e.method != Method::none;
}

// An access line prints when its request began (gorilla/handlers v1.5.2 logging.go) or, as most
// front servers do, when it ended; either way within the request, give or take a second.
inline bool lies_within(TimeNs access_second, TimeNs start, TimeNs end) {
  return start < access_second + 2 * kSecond && end >= access_second - kSecond;
}

// How long after the registry's answer a front's line of the same request may come: a front waits
// until the client has sent all, though the registry refused at once. Only an upload's name, used
// for one upload, tells that it is the same request.
template <class T>
TimeNs front_delay(const T& e) {
  return e.route == Route::upload && e.upload != NameId::none ? kHour : 0;
}

// Does an application line that ended at `time` after `duration_us` belong to the access line's
// second?
inline bool same_second(TimeNs time, std::uint32_t duration_us, TimeNs access_second) {
  return lies_within(access_second, time - static_cast<TimeNs>(duration_us) * 1000, time);
}

}  // namespace regtriage
