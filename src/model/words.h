// The closed vocabularies. An enumerator is its public word: the same in JSON, SQL, tests and
// documents (word_of).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace regtriage {

enum class Level : std::uint8_t { none, trace, debug, info, warning, error, fatal, panic };

enum class Method : std::uint8_t { none, GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, other };

// What a path of the distribution API addresses (OCI distribution-spec 1.1.1, "Endpoints").
enum class Route : std::uint8_t {
  none,       // no request, or no path of the API
  ping,       // /v2/
  manifest,   // /v2/N/manifests/REF
  blob,       // /v2/N/blobs/D
  uploads,    // POST /v2/N/blobs/uploads/ (also a mount)
  upload,     // /v2/N/blobs/uploads/UUID
  tags,       // /v2/N/tags/list
  catalog,    // /v2/_catalog
  referrers,  // /v2/N/referrers/D
  token,      // a token service
  other,
};

// OCI codes and distribution's own, as clients see them. `none` also for success.
enum class Code : std::uint8_t {
  none,
  BLOB_UNKNOWN,
  BLOB_UPLOAD_INVALID,
  BLOB_UPLOAD_UNKNOWN,
  DIGEST_INVALID,
  MANIFEST_BLOB_UNKNOWN,
  MANIFEST_INVALID,
  MANIFEST_UNKNOWN,
  MANIFEST_UNVERIFIED,
  NAME_INVALID,
  NAME_UNKNOWN,
  SIZE_INVALID,
  RANGE_INVALID,
  TAG_INVALID,
  UNAUTHORIZED,
  DENIED,
  UNSUPPORTED,
  TOOMANYREQUESTS,
  UNAVAILABLE,
  PAGINATION_NUMBER_INVALID,
  NOT_FOUND,
  UNKNOWN,
  // Harbor's core (src/lib/errors/const.go v2.7.4), Quay, GitLab.
  PRECONDITION,
  PROJECTPOLICYVIOLATION,
  VIOLATE_FOREIGN_KEY_CONSTRAINT,
  CONFLICT,
  FORBIDDEN,
  BAD_REQUEST,
  TAG_UNKNOWN,
  TAG_EXPIRED,
  TAG_IMMUTABLE,
  MANIFEST_REFERENCED,
};

// What a record means. Requests are one kind, told apart by method, route, status and code; the
// rest are lines beside them.
// What the answer to a manifest request holds, by its content type: one image, or an index (OCI
// image.index, Docker's manifest.list).
enum class ManifestType : std::uint8_t { unknown, image, index };

enum class EventKind : std::uint8_t {
  none,                    // understood, and of no use for any answer: dropped, counted as accepted
  request,                 // one answered request: success or error (an app, access or proxy line)
  auth_challenge,          // 401 without or before credentials
  auth_failure,            // wrong credentials
  auth_scope,              // right identity, too little scope
  auth_token_invalid,      // expired, not yet valid, wrong key
  upload_unresolved,       // error resolving upload: the upload is not here
  upload_secret_mismatch,  // … : invalid secret
  upload_offset_mismatch,  // upload resumed at wrong offset: have != want
  digest_mismatch,         // content does not match the digest
  client_disconnected,     // hung up while sending or reading
  storage_error,           // a driver error outside a completion line
  storage_zero_move,       // attempted to move zero-length content with non-zero digest
  request_detail,          // other helper line of a failing request
  cache_redis,             // start: descriptors are cached in Redis
  cache_memory,            // start: … in memory
  cache_error,             // the cache cannot be reached
  cache_connected,
  start,             // the program began to listen
  secret_generated,  // no http.secret configured: each replica has its own
  redirect_disabled,
  proxy_configured,  // this registry is a pull-through cache
  upstream_contact,  // … spoke with its upstream
  proxy_trouble,     // the upstream or the scheduler failed
  read_only,         // maintenance mode
  gc_start,
  gc_mark_manifest,
  gc_mark_blob,
  gc_eligible_manifest,
  gc_eligible_blob,
  gc_summary,
  gc_failed,
  gc_delete_blob,
  gc_delete_manifest,
  gc_delete_link,  // deletions as they happen
  purge_start,
  purge_upload,
  purge_end,  // upload purging
  notification_lost,
  harmless,  // an odd line that means nothing (superfluous WriteHeader, bad X-Forwarded-For)
  pushed,
  pulled,
  deleted,  // webhook events and audit lines
  stopped,
  core_error,         // Harbor's core or jobservice could not do something: its error text
  core_aborted,       // … stopped passing on a body that the registry cut short
  upstream_fallback,  // a proxy-cache project answered from what it has, for its upstream failed
  quota_refused,
  database_error,
  replication_error,
  client_error,     // a client says what it was answered, or that it could not ask
  client_fallback,  // a client asks the next endpoint, or again: not its last word
  client_wants,     // a client says which reference it works on
  listed,           // an inventory: this object, key or row is there
  configured,       // a value of a configuration file
  echo,             // a front's line of an answer that the registry's own line tells of
  count_            // not a kind
};

enum class Origin : std::uint8_t {
  app,
  access,
  proxy,
  event,
  output,
  front,     // a proxy that asks another program first, which may answer by itself: Harbor's nginx
  client,    // a client's own output or log
  inventory  // a listing, a dump, a configuration: what is, not what happened
};           // which kind of line told it

// Who decided the answer that a front's line tells of.
enum class AnsweredBy : std::uint8_t { unknown, core, registry, proxy };

enum class Verdict : std::uint8_t { none, noise, client, fault, loss, undetermined };
enum class Confidence : std::uint8_t { possible, probable, certain };
enum class Severity : std::uint8_t { info, low, medium, high, critical };
enum class CauseClass : std::uint8_t {
  noise,
  request,
  storage,
  deployment,
  upstream,
  harbor,
  undetermined
};
enum class State : std::uint8_t { unknown, ongoing, healed };
enum class Sign : std::uint8_t { evidence_for, against, missing };  // "for", "against", "missing"
enum class Role : std::uint8_t { error, silent, proof, context, against };
enum class SessionResult : std::uint8_t { open, complete, failed, abandoned };

enum class CauseId : std::uint8_t {
  // noise
  existence_probe,
  mount_fallback,
  auth_challenge,
  mirror_fallback,
  pull_through_miss,
  collector_delete_of_missing,
  // request
  reference_never_existed,
  accept_header_mismatch,
  digest_mismatch,
  client_abort,
  upload_cancelled,
  upload_range_invalid,
  manifest_before_blobs,
  index_child_missing,
  index_child_in_other_repository,
  registry_rejects_index,
  manifest_invalid,
  auth_missing,
  auth_failed,
  auth_insufficient_scope,
  auth_token_invalid,
  refusal_masked_as_unknown,
  client_defect,
  proxy_is_read_only,
  deleted_by_client,
  // storage
  stale_descriptor_cache,
  blob_data_missing,
  layer_link_missing,
  manifest_revision_missing,
  manifest_data_missing,
  index_child_deleted,
  deleted_by_garbage_collection,
  deleted_by_policy,
  garbage_collection_during_push,
  storage_root_changed,
  storage_access_denied,
  storage_errors,
  storage_full,
  storage_not_yet_consistent,
  upload_path_missing,
  redirect_to_storage_fails,
  cache_unavailable,
  cache_shared_by_two_registries,
  storage_driver_incompatible,
  storage_file_corrupt,
  // deployment
  replicas_unshared_storage,
  replicas_different_secret,
  shared_filesystem_lag,
  upload_purged,
  proxy_breaks_upload_location,
  proxy_routes_to_other_repository,
  upload_cut_by_proxy,
  registry_unreachable,
  certificate_or_name_failure,
  // upstream
  upstream_missing,
  upstream_unreachable,
  upstream_rate_limited,
  upstream_error_masked,
  stale_pull_through_cache,
  proxy_cache_push_race,
  // harbor
  harbor_row_missing,
  harbor_content_missing,
  harbor_gc_window,
  harbor_blob_marked_deleting,
  harbor_manifest_cache,
  harbor_proxy_fallback,
  harbor_database_down,
  harbor_quota_exceeded,
  harbor_tag_immutable,
  harbor_read_only,
  harbor_artifact_referenced,
  undetermined,
  count_  // not a cause
};

std::string_view word_of(Level);
std::string_view word_of(Method);
std::string_view word_of(Route);
std::string_view word_of(Code);
std::string_view word_of(EventKind);
std::string_view word_of(Origin);
std::string_view word_of(AnsweredBy);
std::string_view word_of(Verdict);
std::string_view word_of(Confidence);
std::string_view word_of(Severity);
std::string_view word_of(CauseClass);
std::string_view word_of(State);
std::string_view word_of(Sign);
std::string_view word_of(Role);
std::string_view word_of(SessionResult);
std::string_view word_of(CauseId);

std::optional<Level> try_level(std::string_view word);  // any case; warn = warning, err = error
Method method_of(std::string_view word);                // empty: none; unknown: other
std::optional<EventKind> try_event_kind(std::string_view word);
std::optional<CauseId> try_cause(std::string_view word);
std::optional<Code> try_code(std::string_view word);  // "MANIFEST_UNKNOWN" or "manifest unknown"

}  // namespace regtriage
