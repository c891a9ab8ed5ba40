#include "infer/rules/rules.h"

#include <array>

#include "base/text.h"

namespace regtriage {
namespace {

// In the order in which equal scores are decided: what names an actor before what only fits.
constexpr std::array<CauseRule, 22> kRules = {{
    {"deletion", examine_deletion},
    {"harbor", examine_harbor},
    {"peer", examine_peer},
    {"stale-cache", examine_stale_cache},
    {"restart", examine_restart},
    {"replicas", examine_replicas},
    {"upstream", examine_upstream},
    {"failed-push", examine_failed_push},
    {"server-error", examine_server_error},
    {"refusal", examine_refusal},
    {"manifest-put", examine_manifest_put},
    {"too-large", examine_too_large},
    {"upload", examine_upload},
    {"digest", examine_digest},
    {"unknown-tag", examine_unknown_tag},
    {"unknown-manifest", examine_unknown_manifest},
    {"unknown-blob", examine_unknown_blob},
    {"unknown-name", examine_unknown_name},
    {"cache-error", examine_cache_error},
    {"evidence", examine_evidence},  // from here on: what others found is weighed
    {"harbor-rows", examine_harbor_rows},
    {"settings", examine_settings},
}};

}  // namespace

std::span<const CauseRule> rules() { return kRules; }

GroupName group_of(const Situation&, NameId a, NameId b) { return GroupName(a, b); }

bool names_driver(std::string_view detail) {
  for (const std::string_view driver :
       {"s3aws: ", "s3: ", "swift: ", "gcs: ", "azure: ", "oss: ", "filesystem: "})
    if (detail.starts_with(driver)) return true;
  return false;
}

bool is_storage_error_as_unknown(const Situation& s) {
  return s.e.code == Code::MANIFEST_UNKNOWN && names_driver(s.detail);
}

bool is_unknown_tag(const Situation& s) {
  return s.e.code == Code::MANIFEST_UNKNOWN &&
         (contains(s.detail, "unknown tag") ||
          (s.detail.empty() && s.e.tag != NameId::none && s.e.digest == NameId::none));
}

bool is_unknown_revision(const Situation& s) {
  return s.e.code == Code::MANIFEST_UNKNOWN &&
         (contains(s.detail, "revision=") || (s.detail.empty() && s.e.tag == NameId::none));
}

Sight last_presence(const Situation& s, std::uint64_t key) {
  return latest({s.h.stores.last_before(key, s.at), s.h.reads.last_before(key, s.at)});
}

}  // namespace regtriage
