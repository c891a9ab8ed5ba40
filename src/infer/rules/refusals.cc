// The registry refuses: 401, 403, 405, 429, malformed requests.
#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

NameId user_of(const Situation& s) {
  if (s.e.user != NameId::none) return s.e.user;
  if (!s.e.request) return NameId::none;
  const auto rows = s.h.requests.rows(History::request_key(s.e.request));
  for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 16)))
    if (row.event().user != NameId::none) return row.event().user;
  return NameId::none;
}

constexpr TimeNs kOneErrand = kMinute;

// The push's own questions, which were let in and name the user, before the step that was not. Says
// nothing of a read: who may not read here is somebody else.
Sight named_before(const Situation& s) {
  if (is_read(s.e.method)) return {};
  const std::uint64_t key = who_of(s.e);
  Sight before = s.h.client_requests.last_before(key, s.at);
  for (int looked = 0; before && looked < 32 && s.at - before.order() < kOneErrand; ++looked) {
    if (before.event->user != NameId::none) return before;
    before = s.h.client_requests.last_before(key, before.order());
  }
  return {};
}

// A token without the right. A client that did not log in gets one, too, where the token service
// serves anonymous clients (distribution docs/spec/auth/token.md), and the warning names no user.
void refused_token(const Situation& s, Candidates& out) {
  const Sight named = named_before(s);
  const NameId user = user_of(s) != NameId::none ? user_of(s)
                      : named                    ? named.event->user
                                                 : NameId::none;
  if (user != NameId::none) {
    out.emplace_back(CauseId::auth_insufficient_scope, group_of(s, user))
        .because(90, "the client has logged in, and its token does not allow this", {named});
    return;
  }
  Candidate& c = out.emplace_back(CauseId::auth_insufficient_scope, group_of(s, s.e.client));
  c.adds_up = false;
  c.because(70, "the client has a token, and it does not allow this");
  c.lacks("the log of the token service: for which account, if any, it made this token");
  out.emplace_back(CauseId::auth_missing, group_of(s, s.e.client))
      .because(30,
               "a client that did not log in has such a token, too; no line here names its user");
}

// The same request also failed to authenticate: wrong credentials, not missing ones.
Sight failure_of(const Situation& s) {
  if (!s.e.request) return {};
  const auto rows = s.h.requests.rows(History::request_key(s.e.request));
  for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 16)))
    if (row.event().kind == EventKind::auth_failure) return row.sight();
  return {};
}

// A client without credentials may send an empty name (containers/image docker_client.go v5.24,
// setupRequestAuth), which htpasswd refuses like any other (distribution registry/auth/htpasswd
// v2.8.3).
bool is_nobody(const Situation& s, const Event& failure) {
  return failure.user == NameId::none && s.h.text(failure.detail) == "authentication failure";
}

// Of the lines of this request that tell of a failed login, one may name the user.
void refused_login(const Situation& s, const Sight& failure, NameId who, Candidates& out) {
  const auto rows = s.e.request ? s.h.requests.rows(History::request_key(s.e.request))
                                : std::span<const SightIndex::Row>();
  for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 16))) {
    if (row.event().kind != EventKind::auth_failure || !is_nobody(s, row.event())) continue;
    out.emplace_back(CauseId::auth_missing, group_of(s, s.e.client))
        .because(90, "the client was asked for credentials and sent an empty name", {row.sight()});
    return;
  }
  out.emplace_back(CauseId::auth_failed, group_of(s, who))
      .because(90, "the credentials were wrong", {failure});
}

}  // namespace

void examine_refusal(const Situation& s, Candidates& out) {
  if (is_of_other_registry(s)) return;
  // Most errors are no refusals, and do not ask.
  const auto who = [&s] {
    const NameId user = user_of(s);
    return user != NameId::none ? user : s.e.client;
  };
  switch (s.e.kind) {
    case EventKind::auth_failure: {
      Sight itself;
      itself.event = &s.e;
      return refused_login(s, itself, who(), out);
    }
    case EventKind::auth_challenge:
      if (const Sight failure = failure_of(s)) return refused_login(s, failure, who(), out);
      out.emplace_back(CauseId::auth_missing, group_of(s, s.e.client))
          .because(60, "the client was asked for credentials and never got in afterwards");
      return;
    case EventKind::auth_scope:
      return refused_token(s, out);
    case EventKind::auth_token_invalid:
      out.emplace_back(CauseId::auth_token_invalid, group_of(s, s.e.client))
          .because(90,
                   "the token was not accepted: expired, not valid yet, or signed by a key that "
                   "this registry does not trust");
      return;
    case EventKind::request:
      break;
    default:
      return;
  }
  if (s.e.code == Code::UNAUTHORIZED || (s.e.status == 401 && s.e.code_inferred)) {
    out.emplace_back(CauseId::auth_missing, group_of(s, s.e.client))
        .because(50, "the client was answered 401 and never got in afterwards");
  } else if (s.e.code == Code::DENIED) {
    out.emplace_back(CauseId::auth_insufficient_scope, group_of(s, who()))
        .because(60, "the client was answered 403");
  } else if (s.e.code == Code::TOOMANYREQUESTS) {
    out.emplace_back(CauseId::upstream_rate_limited, "limited")
        .because(60, "too many requests: the registry or its upstream limits this client");
  } else if (s.e.code == Code::UNSUPPORTED && !s.h.is_proxy) {
    out.emplace_back(CauseId::client_defect, group_of(s, s.e.repository))
        .because(60, "the registry does not offer this operation as it is configured");
  } else if (s.e.code == Code::NAME_INVALID || s.e.code == Code::TAG_INVALID ||
             s.e.code == Code::PAGINATION_NUMBER_INVALID) {
    out.emplace_back(CauseId::client_defect, group_of(s, s.e.client))
        .because(70, "the request itself is malformed");
  }
}

}  // namespace regtriage
