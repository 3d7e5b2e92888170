#include "native_server/options.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace playground::server {
namespace {

Result<Options> parse(std::vector<const char*> arguments) { return parse_options(arguments); }

TEST_CASE("without options the server listens on the loopback's port 8088") {
  const auto options = parse({});
  REQUIRE(options);
  CHECK(options->host == "127.0.0.1");
  CHECK(options->port == 8088);
  CHECK(options->lane_ports == 6);
  CHECK(options->web.empty());
}

TEST_CASE("every option is taken, with a space or with an equals sign") {
  const auto options =
      parse({"--host", "::1", "--port=0", "--web", "/", "--lane-ports", "0", "--allow-origin",
             "https://example.org", "--allow-origin=http://a.test:81", "--heartbeat", "2"});
  REQUIRE(options);
  CHECK(options->host == "::1");
  CHECK(options->port == 0);
  CHECK(options->web == "/");
  CHECK(options->lane_ports == 0);
  CHECK(options->allowed_origins ==
        std::vector<std::string>{"https://example.org", "http://a.test:81"});
  CHECK(options->limits.heartbeat_s == 2);
}

TEST_CASE("a wrong option is one sentence that names it") {
  const std::vector<std::vector<const char*>> rows = {
      {"--port"},
      {"--port", "x"},
      {"--port", "65536"},
      {"--port", "-1"},
      {"--port", ""},
      {"--port", "80 "},
      {"--lane-ports", "65"},
      {"--heartbeat", "0"},
      {"--host", ""},
      {"--web", "/no/such/folder"},
      {"--allow-origin", "example.org"},
      {"--allow-origin", "http://example.org/"},
      {"--frobnicate"},
      {"stray"},
  };
  for (const auto& row : rows) {
    CAPTURE(row[0]);
    const auto options = parse(row);
    REQUIRE_FALSE(options);
    CHECK(options.error().message.find(row[0]) != std::string::npos);
    CHECK(options.error().message.find('\n') == std::string::npos);
  }
}

TEST_CASE("the help names every option") {
  for (const char* name : {"--host", "--port", "--web", "--lane-ports", "--allow-origin",
                           "--heartbeat", "--help", "--version"}) {
    CHECK(help_text().find(name) != std::string_view::npos);
  }
}

}  // namespace
}  // namespace playground::server
