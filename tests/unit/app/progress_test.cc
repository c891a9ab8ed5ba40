#include "app/progress.h"

#include <catch2/catch.hpp>

namespace regtriage {
namespace {

TEST_CASE("progress tells size, share, rate and time left") {
  const std::uint64_t mib = 1 << 20;
  REQUIRE(progress_text(10 * mib, 40 * mib, 2) ==
          "10.0 MiB of 40.0 MiB, 25 %, 5.0 MiB/s, 6 s left");
  REQUIRE(progress_text(10 * mib, 0, 2) == "10.0 MiB, 5.0 MiB/s");
  REQUIRE(progress_text(10, 0, 0) == "10 bytes");
  REQUIRE(progress_text(2 * mib, mib, 2) == "2.0 MiB of 1.0 MiB, 100 %, 1.0 MiB/s");
}

}  // namespace
}  // namespace regtriage
