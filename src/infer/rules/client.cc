// What a client's own line shows. The same words stand for many causes: "manifest unknown" is said
// of what never existed, was deleted, or lost its data; only the registry's log decides (corpus of
// captured clients). So a line proves something only where it names the cause itself.
#include <array>

#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

constexpr std::string_view kNoAnswer =
    "what the client asked did not answer, or a proxy said that nothing behind it does";

// A text that names its cause, wherever it stands in a client's error.
struct Saying {
  std::string_view part;
  CauseId cause;
  int weight;
  std::string_view because;
};

// The first that fits counts. "connection refused" alone stays possible: a client that was refused
// over TLS goes on to plain HTTP and reports only that (moby distribution/pull.go v20.10), and a
// mirror may be meant.
constexpr std::array kSayings = std::to_array<Saying>({
    {"accept header does not support", CauseId::accept_header_mismatch, 90,
     "the registry says that the image is there, and that the Accept header did not ask for its "
     "type"},
    {"413 Request Entity Too Large", CauseId::upload_cut_by_proxy, 90,
     "the answer is a proxy's 413: it takes no body of that size"},
    {"HTTP 413 ", CauseId::upload_cut_by_proxy, 90,
     "the answer is a proxy's 413: it takes no body of that size"},
    {"StatusCode: 413", CauseId::upload_cut_by_proxy, 90,
     "the answer is a proxy's 413: it takes no body of that size"},
    {"x509: ", CauseId::certificate_or_name_failure, 90,
     "the client did not trust the certificate that it was shown"},
    {"tls: failed to verify certificate", CauseId::certificate_or_name_failure, 90,
     "the client did not trust the certificate that it was shown"},
    {"server gave HTTP response to HTTPS client", CauseId::certificate_or_name_failure, 60,
     "the client spoke TLS to a port that does not"},
    {"no such host", CauseId::certificate_or_name_failure, 60,
     "the registry's name did not resolve where the client runs"},
    {"incorrect username or password", CauseId::auth_failed, 90, "the credentials were wrong"},
    {"invalid username/password", CauseId::auth_failed, 90, "the credentials were wrong"},
    {"no basic auth credentials", CauseId::auth_missing, 90,
     "the client has no credentials for this registry"},
    {"pull rate limit", CauseId::upstream_rate_limited, 90, "the answer names a rate limit"},
    {"toomanyrequests", CauseId::upstream_rate_limited, 60, "the answer names a rate limit"},
    {"429 Too Many Requests", CauseId::upstream_rate_limited, 60, "the answer was 429"},
    {"Rate limit exceeded", CauseId::upstream_rate_limited, 60, "the answer names a rate limit"},
    {"too many requests to upstream", CauseId::upstream_rate_limited, 90,
     "the answer names a rate limit"},
    {"no space left on device", CauseId::undetermined, 40,
     "a disk is full, the client's own or the registry's"},
    {"shutdown signal", CauseId::client_abort, 90, "the user interrupted it"},
    {"insufficient_scope", CauseId::auth_insufficient_scope, 40,
     "the token did not allow this; without credentials the answer is the same"},
    {"may require authorization", CauseId::auth_insufficient_scope, 40,
     "the token did not allow this; without credentials the answer is the same"},
    {"connection refused", CauseId::registry_unreachable, 40, kNoAnswer},
    {"no route to host", CauseId::registry_unreachable, 40, kNoAnswer},
    {"i/o timeout", CauseId::registry_unreachable, 40, kNoAnswer},
    {"502 Bad Gateway", CauseId::registry_unreachable, 40, kNoAnswer},
    {"503 Service Unavailable", CauseId::registry_unreachable, 40, kNoAnswer},
    {"pull manifest by the resolved digest", CauseId::replicas_unshared_storage, 40,
     "the tag was answered, and the digest that it named was unknown a moment later"},
});

const Saying* saying_in(std::string_view detail) {
  for (const Saying& saying : kSayings)
    if (contains(detail, saying.part)) return &saying;
  return nullptr;
}

GroupName subject_group(const Situation& s) {
  if (s.e.repository == NameId::none) return "a client's line";
  return group_of(s, s.e.repository, s.e.tag != NameId::none ? s.e.tag : s.e.digest);
}

void leave_open(const Situation& s, Candidates& out) {
  out.emplace_back(CauseId::undetermined, subject_group(s))
      .because(40, "the client was told only this much; several causes fit")
      .lacks("the registry's log of the same minutes: it tells these causes apart");
}

void add_possible(const Situation& s, CauseId cause, std::string why, Candidates& out) {
  out.emplace_back(cause, subject_group(s)).because(30, std::move(why));
}

// The tag was found, for the client asks for a digest that only the tag's index can name.
bool asks_for_child(const Situation& s) {
  return s.e.tag != NameId::none && s.e.digest != NameId::none &&
         s.e.code == Code::MANIFEST_UNKNOWN;
}

// "T: Pulling from N" is printed once the tag's manifest is there (moby distribution/pull_v2.go
// v20.10).
Sight found_tag(const Situation& s) {
  if (s.e.repository != NameId::none || s.e.code != Code::MANIFEST_UNKNOWN) return {};
  const Sight wanted = s.h.all_wants.last_before(0, s.at);
  const bool near = wanted && s.at - wanted.order() <= 10 * kMinute;
  return near && s.h.text(wanted.event->detail) == "Pulling from" ? wanted : Sight{};
}

// What a garbage collection names that stands beside the client's line.
bool by_collection(const Situation& s, Candidates& out) {
  const bool unknown = s.e.code == Code::MANIFEST_UNKNOWN || s.e.code == Code::BLOB_UNKNOWN ||
                       s.e.code == Code::MANIFEST_BLOB_UNKNOWN;
  if (!unknown || s.e.digest == NameId::none) return false;
  const Sight collected = s.h.collected.first(key_of(s.e.digest));
  if (!collected) return false;
  out.emplace_back(CauseId::deleted_by_garbage_collection, subject_group(s))
      .because(60, "garbage collection names this very digest as its own", {collected});
  return true;
}

// Core passes on what its own question was answered: the registry does not know the manifest that
// it has just acknowledged.
bool is_lost_read_back(const Situation& s) {
  return s.e.code == Code::MANIFEST_UNKNOWN && s.e.status == 404 && s.e.route == Route::none &&
         contains(s.detail, "Revision");
}

// What was refused is an index: a build's cache is one, too.
bool is_refused_index(const Event& e, std::string_view detail) {
  if (e.status < 400 || e.status >= 500) return false;
  if (e.status == 401 || e.status == 403 || e.status == 429) return false;
  return (e.manifest_type == ManifestType::index && e.method == Method::PUT) ||
         contains(detail, "error writing manifest blob") || contains(detail, "\"index-");
}

// A status that has one meaning, where no word of a code stands beside it.
Code told_code(const Event& e) {
  if (e.code != Code::none) return e.code;
  return e.status == 401 ? Code::UNAUTHORIZED : e.status == 403 ? Code::DENIED : Code::none;
}

void examine_code(const Situation& s, Candidates& out) {
  if (by_collection(s, out)) return;
  if (is_lost_read_back(s)) {
    add_possible(s, CauseId::stale_descriptor_cache,
                 "the push ends with the registry not knowing the manifest's own digest: it could "
                 "not be read back",
                 out);
    return leave_open(s, out);
  }
  if (is_refused_index(s.e, s.detail)) {
    leave_open(s, out);
    return add_possible(s, CauseId::registry_rejects_index,
                        "what the registry refused is an index: some take none, or not this one",
                        out);
  }
  switch (told_code(s.e)) {
    case Code::MANIFEST_UNKNOWN:
    case Code::NAME_UNKNOWN:
      if (const Sight tag = found_tag(s)) {
        out.emplace_back(CauseId::index_child_deleted, subject_group(s))
            .because(45, "the tag was found, so what is unknown is a manifest that its index names",
                     {tag});
        return;
      }
      if (asks_for_child(s)) {
        out.emplace_back(CauseId::index_child_deleted, subject_group(s))
            .because(45, "the tag's index names this manifest, and the registry does not know it");
        return;
      }
      leave_open(s, out);
      return add_possible(s, CauseId::reference_never_existed,
                          "what was never pushed is answered like this", out);
    case Code::BLOB_UNKNOWN:
      leave_open(s, out);
      return add_possible(s, CauseId::blob_data_missing,
                          "a layer whose data is gone is answered like this", out);
    case Code::DENIED:
      leave_open(s, out);
      return add_possible(s, CauseId::auth_insufficient_scope,
                          "a user without this right is answered like this", out);
    case Code::UNAUTHORIZED:
      leave_open(s, out);
      return add_possible(s, CauseId::auth_missing,
                          "a client without credentials is answered like this", out);
    case Code::MANIFEST_BLOB_UNKNOWN:
      leave_open(s, out);
      return add_possible(s, CauseId::manifest_before_blobs,
                          "a manifest that comes before its parts is answered like this", out);
    default:
      return leave_open(s, out);
  }
}

// "manifest unknown" alone is about the image that the lines before it name.
void take_wanted(const Situation& s, Candidates& out) {
  if (s.e.repository != NameId::none) return;
  const Sight wanted = s.h.all_wants.last_before(0, s.at);
  if (!wanted || s.at - wanted.order() > 10 * kMinute) return;
  for (Candidate& c : out) {
    c.repositories.push_back(wanted.repository());
    if (wanted.tag() != NameId::none) c.tags.push_back(wanted.tag());
    if (wanted.digest() != NameId::none) c.digests.push_back(wanted.digest());
  }
}

}  // namespace

void examine_client(const Situation& s, Candidates& out) {
  if (const Saying* const saying = saying_in(s.detail))
    out.emplace_back(saying->cause, subject_group(s))
        .because(saying->weight, std::string(saying->because));
  else
    examine_code(s, out);
  take_wanted(s, out);
}

}  // namespace regtriage
