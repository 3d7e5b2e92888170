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
             "https://example.org", "--public-origin=http://a.test:81", "--heartbeat", "2"});
  REQUIRE(options);
  CHECK(options->host == "::1");
  CHECK(options->port == 0);
  CHECK(options->web == "/");
  CHECK(options->lane_ports == 0);
  CHECK(options->origins == std::vector<std::string>{"https://example.org", "http://a.test:81"});
  CHECK(options->limits.heartbeat_s == 2);
}

TEST_CASE("every limit is an option") {
  const auto options = parse({"--max-connections",
                              "1",
                              "--max-subscribers",
                              "2",
                              "--max-channels",
                              "3",
                              "--max-channels-per-address",
                              "4",
                              "--max-rate",
                              "5",
                              "--max-payload",
                              "16",
                              "--max-head",
                              "2048",
                              "--max-body",
                              "4096",
                              "--max-message",
                              "8192",
                              "--max-lifetime",
                              "9",
                              "--max-requests-per-second",
                              "10",
                              "--log",
                              "json"});
  REQUIRE(options);
  const Limits& limits = options->limits;
  CHECK(limits.connections == 1);
  CHECK(limits.readers == 2);
  CHECK(limits.channels == 3);
  CHECK(limits.channels_per_address == 4);
  CHECK(limits.rate == 5);
  CHECK(limits.payload_bytes == 16);
  CHECK(limits.head_bytes == 2048);
  CHECK(limits.body_bytes == 4096);
  CHECK(limits.message_bytes == 8192);
  CHECK(limits.channel_lifetime_us == 9 * kSecondUs);
  CHECK(limits.requests_per_s == 10);
  CHECK(options->log == LogFormat::kJson);
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
      {"--log", "xml"},
      {"--max-channels", "0"},
      {"--max-payload", "65537"},
      {"--max-lifetime", "1.5"},
      {"--host", ""},
      {"--web", "/no/such/folder"},
      {"--redis", "cache:6379"},
      {"--allow-origin", "example.org"},
      {"--allow-origin", "http://example.org/"},
      {"--public-origin", "http://example.org/playground"},
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
  for (const char* name : {"--host",
                           "--port",
                           "--web",
                           "--lane-ports",
                           "--allow-origin",
                           "--public-origin",
                           "--heartbeat",
                           "--log",
                           "--redis",
                           "--max-connections",
                           "--max-subscribers",
                           "--max-channels",
                           "--max-channels-per-address",
                           "--max-rate",
                           "--max-payload",
                           "--max-head",
                           "--max-body",
                           "--max-message",
                           "--max-lifetime",
                           "--max-requests-per-second",
                           "--help",
                           "--version"}) {
    CHECK(help_text().find(name) != std::string_view::npos);
  }
}

}  // namespace
}  // namespace playground::server
