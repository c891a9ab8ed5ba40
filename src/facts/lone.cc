#include "facts/lone.h"

#include "base/hash.h"

namespace regtriage {
namespace {

bool is_question(const Event& e) {
  if (e.kind != EventKind::request && e.kind != EventKind::echo) return false;
  if (e.status != 404 || (e.method != Method::GET && e.method != Method::HEAD)) return false;
  if (e.route == Route::manifest && e.tag != NameId::none)
    return e.digest == NameId::none && e.manifest == NameId::none;
  return (e.route == Route::blob || e.route == Route::manifest) && e.digest != NameId::none &&
         (e.manifest == NameId::none || e.manifest == e.digest);
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

std::uint64_t lone_subject(const StringTable& names, const Event& e) {
  if (e.method == Method::PATCH) return subject_of_upload(names, e.upload);
  return e.digest != NameId::none ? subject_of_digest(names, e.digest)
                                  : subject_of_tag(names, e.repository, e.tag);
}

}  // namespace regtriage
