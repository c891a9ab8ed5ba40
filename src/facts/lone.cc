#include "facts/lone.h"

#include "base/hash.h"

namespace regtriage {
namespace {

bool is_question(const Event& e) {
  if (e.kind != EventKind::request && e.kind != EventKind::echo) return false;
  if (e.status != 404 || (e.method != Method::GET && e.method != Method::HEAD)) return false;
  const bool no_digest = e.digest == NameId::none && e.manifest == NameId::none;
  const bool one_digest =
      e.digest != NameId::none && (e.manifest == NameId::none || e.manifest == e.digest);
  switch (e.route) {
    case Route::manifest:
      return e.tag != NameId::none ? no_digest : one_digest;
    case Route::blob:
    case Route::referrers:
      return e.tag == NameId::none && one_digest;
    case Route::tags:
      return e.repository != NameId::none && e.tag == NameId::none && no_digest;
    default:
      return false;
  }
}

bool is_part(const Event& e) {
  return e.kind == EventKind::request && e.method == Method::PATCH && e.status == 202 &&
         e.route == Route::upload && e.upload != NameId::none && e.digest == NameId::none;
}

}  // namespace

bool may_be_lone(const Event& e) {
  if (e.kept || e.untimed || e.time == kNoTime) return false;
  return is_question(e) || is_part(e);
}

std::uint64_t subject_of_digest(const StringTable& names, NameId digest) {
  return MixedNumber{}(names.hash(digest));
}
std::uint64_t subject_of_tag(const StringTable& names, NameId repository, NameId tag) {
  return MixedNumber{}(names.hash(repository) + MixedNumber{}(names.hash(tag)));
}
std::uint64_t subject_of_upload(const StringTable& names, NameId upload) {
  return ~MixedNumber{}(names.hash(upload));
}

std::uint64_t subject_of_repository(const StringTable& names, NameId repository) {
  return MixedNumber{}(names.hash(repository) ^ 0x9e3779b97f4a7c15ULL);
}
std::uint64_t subject_of_visit(const StringTable& names, NameId repository, NameId client) {
  return ~MixedNumber{}(names.hash(repository) + MixedNumber{}(names.hash(client)));
}

std::uint64_t lone_subject(const StringTable& names, const Event& e) {
  if (e.method == Method::PATCH) return subject_of_upload(names, e.upload);
  if (e.route == Route::tags) return subject_of_repository(names, e.repository);
  return e.digest != NameId::none ? subject_of_digest(names, e.digest)
                                  : subject_of_tag(names, e.repository, e.tag);
}

}  // namespace regtriage
