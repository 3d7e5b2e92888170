#include "native_server/net/listener.h"

#include <stdexcept>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/native_server/support/running_server.h"

namespace playground::server {
namespace {

TEST_CASE("a port that is busy is one sentence that names it") {
  RunningServer server;
  Options options = test_options();
  options.port = server.port();
  CHECK_THROWS_WITH(Server(options),
                    Catch::Matchers::ContainsSubstring("port " + std::to_string(server.port())) &&
                        Catch::Matchers::ContainsSubstring("Address already in use"));
}

TEST_CASE("a host that is nowhere is one sentence that names it") {
  Options options = test_options();
  options.host = "no-such-host.invalid";
  CHECK_THROWS_WITH(Server(options), Catch::Matchers::ContainsSubstring("no-such-host.invalid"));
}

}  // namespace
}  // namespace playground::server
