#include "model/words.h"

#include <array>

namespace regtriage {
namespace {

// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 8> kLevelWords = {"",        "trace", "debug", "info",
                                                         "warning", "error", "fatal", "panic"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 9> kMethodWords = {
    "", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 11> kRouteWords = {
    "none", "ping",    "manifest",  "blob",  "uploads", "upload",
    "tags", "catalog", "referrers", "token", "other"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 32> kCodeWords = {"",
                                                         "BLOB_UNKNOWN",
                                                         "BLOB_UPLOAD_INVALID",
                                                         "BLOB_UPLOAD_UNKNOWN",
                                                         "DIGEST_INVALID",
                                                         "MANIFEST_BLOB_UNKNOWN",
                                                         "MANIFEST_INVALID",
                                                         "MANIFEST_UNKNOWN",
                                                         "MANIFEST_UNVERIFIED",
                                                         "NAME_INVALID",
                                                         "NAME_UNKNOWN",
                                                         "SIZE_INVALID",
                                                         "RANGE_INVALID",
                                                         "TAG_INVALID",
                                                         "UNAUTHORIZED",
                                                         "DENIED",
                                                         "UNSUPPORTED",
                                                         "TOOMANYREQUESTS",
                                                         "UNAVAILABLE",
                                                         "PAGINATION_NUMBER_INVALID",
                                                         "NOT_FOUND",
                                                         "UNKNOWN",
                                                         "PRECONDITION",
                                                         "PROJECTPOLICYVIOLATION",
                                                         "VIOLATE_FOREIGN_KEY_CONSTRAINT",
                                                         "CONFLICT",
                                                         "FORBIDDEN",
                                                         "BAD_REQUEST",
                                                         "TAG_UNKNOWN",
                                                         "TAG_EXPIRED",
                                                         "TAG_IMMUTABLE",
                                                         "MANIFEST_REFERENCED"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 56> kEventKindWords = {"none",
                                                              "request",
                                                              "auth_challenge",
                                                              "auth_failure",
                                                              "auth_scope",
                                                              "auth_token_invalid",
                                                              "upload_unresolved",
                                                              "upload_secret_mismatch",
                                                              "upload_offset_mismatch",
                                                              "digest_mismatch",
                                                              "client_disconnected",
                                                              "storage_error",
                                                              "storage_zero_move",
                                                              "request_detail",
                                                              "cache_redis",
                                                              "cache_memory",
                                                              "cache_error",
                                                              "cache_connected",
                                                              "start",
                                                              "secret_generated",
                                                              "redirect_disabled",
                                                              "proxy_configured",
                                                              "upstream_contact",
                                                              "proxy_trouble",
                                                              "read_only",
                                                              "gc_start",
                                                              "gc_mark_manifest",
                                                              "gc_mark_blob",
                                                              "gc_eligible_manifest",
                                                              "gc_eligible_blob",
                                                              "gc_summary",
                                                              "gc_failed",
                                                              "gc_delete_blob",
                                                              "gc_delete_manifest",
                                                              "gc_delete_link",
                                                              "purge_start",
                                                              "purge_upload",
                                                              "purge_end",
                                                              "notification_lost",
                                                              "harmless",
                                                              "pushed",
                                                              "pulled",
                                                              "deleted",
                                                              "stopped",
                                                              "core_error",
                                                              "core_aborted",
                                                              "upstream_fallback",
                                                              "quota_refused",
                                                              "database_error",
                                                              "replication_error",
                                                              "client_error",
                                                              "client_fallback",
                                                              "client_wants",
                                                              "listed",
                                                              "configured",
                                                              "echo"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 8> kOriginWords = {
    "app", "access", "proxy", "event", "output", "front", "client", "inventory"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 4> kAnsweredByWords = {"unknown", "core", "registry",
                                                              "proxy"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 6> kVerdictWords = {"none",  "noise", "client",
                                                           "fault", "loss",  "undetermined"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 3> kConfidenceWords = {"possible", "probable", "certain"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 5> kSeverityWords = {"info", "low", "medium", "high",
                                                            "critical"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 7> kCauseClassWords = {
    "noise", "request", "storage", "deployment", "upstream", "harbor", "undetermined"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 3> kStateWords = {"unknown", "ongoing", "healed"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 3> kSignWords = {"for", "against", "missing"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 5> kRoleWords = {"error", "silent", "proof", "context",
                                                        "against"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 4> kSessionResultWords = {"open", "complete", "failed",
                                                                 "abandoned"};
// In the order of the enumerators: the public words.
constexpr std::array<std::string_view, 72> kCauseIdWords = {"existence_probe",
                                                            "mount_fallback",
                                                            "auth_challenge",
                                                            "mirror_fallback",
                                                            "pull_through_miss",
                                                            "collector_delete_of_missing",
                                                            "reference_never_existed",
                                                            "accept_header_mismatch",
                                                            "digest_mismatch",
                                                            "client_abort",
                                                            "upload_cancelled",
                                                            "upload_range_invalid",
                                                            "manifest_before_blobs",
                                                            "index_child_missing",
                                                            "index_child_in_other_repository",
                                                            "registry_rejects_index",
                                                            "manifest_invalid",
                                                            "auth_missing",
                                                            "auth_failed",
                                                            "auth_insufficient_scope",
                                                            "auth_token_invalid",
                                                            "refusal_masked_as_unknown",
                                                            "client_defect",
                                                            "proxy_is_read_only",
                                                            "deleted_by_client",
                                                            "stale_descriptor_cache",
                                                            "blob_data_missing",
                                                            "layer_link_missing",
                                                            "manifest_revision_missing",
                                                            "manifest_data_missing",
                                                            "index_child_deleted",
                                                            "deleted_by_garbage_collection",
                                                            "deleted_by_policy",
                                                            "garbage_collection_during_push",
                                                            "storage_root_changed",
                                                            "storage_access_denied",
                                                            "storage_errors",
                                                            "storage_full",
                                                            "storage_not_yet_consistent",
                                                            "upload_path_missing",
                                                            "redirect_to_storage_fails",
                                                            "cache_unavailable",
                                                            "cache_shared_by_two_registries",
                                                            "storage_driver_incompatible",
                                                            "storage_file_corrupt",
                                                            "replicas_unshared_storage",
                                                            "replicas_different_secret",
                                                            "shared_filesystem_lag",
                                                            "upload_purged",
                                                            "proxy_breaks_upload_location",
                                                            "proxy_routes_to_other_repository",
                                                            "upload_cut_by_proxy",
                                                            "registry_unreachable",
                                                            "certificate_or_name_failure",
                                                            "upstream_missing",
                                                            "upstream_unreachable",
                                                            "upstream_rate_limited",
                                                            "upstream_error_masked",
                                                            "stale_pull_through_cache",
                                                            "proxy_cache_push_race",
                                                            "harbor_row_missing",
                                                            "harbor_content_missing",
                                                            "harbor_gc_window",
                                                            "harbor_blob_marked_deleting",
                                                            "harbor_manifest_cache",
                                                            "harbor_proxy_fallback",
                                                            "harbor_database_down",
                                                            "harbor_quota_exceeded",
                                                            "harbor_tag_immutable",
                                                            "harbor_read_only",
                                                            "harbor_artifact_referenced",
                                                            "undetermined"};

template <class Words, class Enum>
std::string_view word_at(const Words& words, Enum value) {
  const auto at = static_cast<std::size_t>(value);
  return at < words.size() ? words[at] : std::string_view("?");
}

template <class Enum, class Words>
std::optional<Enum> enum_of(const Words& words, std::string_view word) {
  if (word.empty()) return std::nullopt;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == word) return static_cast<Enum>(i);
  return std::nullopt;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_folded(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

}  // namespace

std::string_view word_of(Level value) { return word_at(kLevelWords, value); }
std::string_view word_of(Method value) { return word_at(kMethodWords, value); }
std::string_view word_of(Route value) { return word_at(kRouteWords, value); }
std::string_view word_of(Code value) { return word_at(kCodeWords, value); }
std::string_view word_of(EventKind value) { return word_at(kEventKindWords, value); }
std::string_view word_of(Origin value) { return word_at(kOriginWords, value); }
std::string_view word_of(AnsweredBy value) { return word_at(kAnsweredByWords, value); }
std::string_view word_of(Verdict value) { return word_at(kVerdictWords, value); }
std::string_view word_of(Confidence value) { return word_at(kConfidenceWords, value); }
std::string_view word_of(Severity value) { return word_at(kSeverityWords, value); }
std::string_view word_of(CauseClass value) { return word_at(kCauseClassWords, value); }
std::string_view word_of(State value) { return word_at(kStateWords, value); }
std::string_view word_of(Sign value) { return word_at(kSignWords, value); }
std::string_view word_of(Role value) { return word_at(kRoleWords, value); }
std::string_view word_of(SessionResult value) { return word_at(kSessionResultWords, value); }
std::string_view word_of(CauseId value) { return word_at(kCauseIdWords, value); }

std::optional<Level> try_level(std::string_view word) {
  if (word.empty()) return std::nullopt;
  for (std::size_t i = 1; i < kLevelWords.size(); ++i)
    if (same_folded(kLevelWords[i], word)) return static_cast<Level>(i);
  if (same_folded(word, "warn")) return Level::warning;
  if (same_folded(word, "err")) return Level::error;
  if (same_folded(word, "critical")) return Level::fatal;
  return std::nullopt;
}

Method method_of(std::string_view word) {
  if (word.empty()) return Method::none;
  return enum_of<Method>(kMethodWords, word).value_or(Method::other);
}

std::optional<EventKind> try_event_kind(std::string_view word) {
  return enum_of<EventKind>(kEventKindWords, word);
}

std::optional<CauseId> try_cause(std::string_view word) {
  return enum_of<CauseId>(kCauseIdWords, word);
}

// The log says "manifest unknown" where the body says MANIFEST_UNKNOWN (distribution
// errcode.ErrorCode.Error, v2.8.3).
std::optional<Code> try_code(std::string_view word) {
  for (std::size_t i = 1; i < kCodeWords.size(); ++i) {
    const std::string_view known = kCodeWords[i];
    bool same = known.size() == word.size();
    for (std::size_t j = 0; same && j < word.size(); ++j)
      same = lower(known[j]) == (word[j] == ' ' ? '_' : lower(word[j]));
    if (same) return static_cast<Code>(i);
  }
  return std::nullopt;
}

}  // namespace regtriage
