#include <catch2/catch_test_macros.hpp>

#include "core/websocket/format.h"

namespace playground::websocket {
namespace {

TEST_CASE("which close codes may stand in a frame is as the registry says", "[rfc-6455-7.4]") {
  const struct {
    std::uint16_t first;
    std::uint16_t last;
    bool may;
  } rows[] = {
      {0, 999, false},     {1000, 1003, true},  {1004, 1006, false}, {1007, 1014, true},
      {1015, 1015, false}, {1016, 2999, false}, {3000, 4999, true},  {5000, 65535, false},
  };
  for (const auto& row : rows) {
    for (std::uint32_t code = row.first; code <= row.last; ++code) {
      CAPTURE(code);
      REQUIRE(may_be_sent(static_cast<std::uint16_t>(code)) == row.may);
    }
  }
}

TEST_CASE("a code has the registry's name") {
  CHECK(close_code_name(1001) == "Going Away");
  CHECK(close_code_name(1006) == "Abnormal Closure");
  CHECK(close_code_name(4000).empty());
}

}  // namespace
}  // namespace playground::websocket
