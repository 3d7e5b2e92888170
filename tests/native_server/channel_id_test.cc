#include "native_server/channel_id.h"

#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::server {
namespace {

TEST_CASE("a channel's id is 32 hexadecimal digits, and no two are equal") {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const std::string id = random_channel_id();
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    ids.insert(id);
  }
  CHECK(ids.size() == 100);
}

}  // namespace
}  // namespace playground::server
