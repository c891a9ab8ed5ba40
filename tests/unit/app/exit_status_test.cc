#include "app/exit_status.h"

#include <catch2/catch.hpp>

namespace regtriage::exit_status {
namespace {

TEST_CASE("of several exit statuses the strongest holds: 70, 2, 5, 4, 3, 130, 1, 0") {
  const int order[] = {70, 2, 5, 4, 3, 130, 1, 0};
  for (std::size_t i = 0; i < std::size(order); ++i)
    for (std::size_t j = i; j < std::size(order); ++j) {
      REQUIRE(stronger(order[i], order[j]) == order[i]);
      REQUIRE(stronger(order[j], order[i]) == order[i]);
    }
}

TEST_CASE("each kind of error has its exit status") {
  REQUIRE(of(ErrorCode::usage) == 2);
  REQUIRE(of(ErrorCode::cut_short) == 3);
  REQUIRE(of(ErrorCode::unreadable) == 4);
  REQUIRE(of(ErrorCode::database) == 5);
  REQUIRE(of(ErrorCode::internal) == 70);
}

}  // namespace
}  // namespace regtriage::exit_status
