// classify: the paths of the distribution API, plain and escaped.
#include <string>

#include "classify/api_path.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace regtriage;
  const std::string_view target = text_of(data, size);
  std::string decoded;
  const ApiPath path = split_api_path(target, decoded);
  if (target.empty()) FUZZ_REQUIRE(path.route == Route::none);
  FUZZ_REQUIRE(path.repository.size() <= 255);
  if (path.route == Route::manifest || path.route == Route::blob) {
    FUZZ_REQUIRE(!path.repository.empty() && !path.reference.empty());
  }
  is_repository_name(target);
  is_tag(target);
  looks_like_digest(target);
  return 0;
}
