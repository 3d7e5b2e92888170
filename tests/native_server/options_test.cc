#include "native_server/options.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>
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
                              "--max-subscribers-per-address",
                              "11",
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
  CHECK(limits.readers_per_address == 11);
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
      {"--name", "Server 1"},
      {"--allow-origin", "example.org"},
      {"--allow-origin", "http://example.org/"},
      {"--public-origin", "http://example.org/playground"},
      {"--trusted-proxy", "proxy.example"},
      {"--trusted-proxy", "10.0.0.0/33"},
      {"--frobnicate"},
      {"--config"},
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

// A file that is gone at the end of the test.
class ConfigFile {
 public:
  explicit ConfigFile(std::string_view text) { std::ofstream(name_) << text; }
  ~ConfigFile() { std::filesystem::remove(name_); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;

  const char* name() const { return name_.c_str(); }

 private:
  std::string name_ = (std::filesystem::temp_directory_path() /
                       ("playground-" + std::to_string(getpid()) + ".conf"))
                          .string();
};

TEST_CASE("options come from a file as well, and those of the command line count more") {
  const ConfigFile file(
      "# a comment\n\n"
      "port = 9000\n"
      "  --heartbeat=2\r\n"
      "\tlog\t=\tjson\t\n"
      "public-origin = https://example.org\n"
      "max-channels=3");
  const auto options =
      parse({"--port", "9001", "--config", file.name(), "--public-origin=http://a.test"});
  REQUIRE(options);
  CHECK(options->port == 9001);
  CHECK(options->limits.heartbeat_s == 2);
  CHECK(options->log == LogFormat::kJson);
  CHECK(options->limits.channels == 3);
  CHECK(options->origins == std::vector<std::string>{"https://example.org", "http://a.test"});
}

TEST_CASE("what is wrong in a file is told with file, line and option") {
  const struct {
    const char* line;
    const char* sentence;
  } rows[] = {
      {"port = x", "--port must be a number from 0 to 65535, not \"x\""},
      {"port", "--port needs a value"},
      {"frobnicate = 1", "unknown option --frobnicate"},
      {"= 1", "unknown option --"},
      {"version = 1", "--version takes no value"},
      {"config = other.conf", "unknown option --config"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    const ConfigFile file("# first\n" + std::string(row.line) + "\n");
    const auto options = parse({"--config", file.name()});
    REQUIRE_FALSE(options);
    CHECK(options.error().message == std::string(file.name()) + ", line 2: " + row.sentence);
  }
  for (const char* file : {"/no/such/file", "/"}) {
    const auto options = parse({"--config", file});
    REQUIRE_FALSE(options);
    CHECK(options.error().message ==
          "--config must be a file that can be read, not \"" + std::string(file) + "\"");
  }
}

TEST_CASE(
    "a server open to strangers (--public) is stricter, and other options still count, wherever "
    "they stand") {
  const auto options = parse({"--max-channels", "2000", "--public", "--max-rate=7"});
  REQUIRE(options);
  const Limits usual;
  const Limits& limits = options->limits;
  CHECK(limits.channels == 2000);
  CHECK(limits.rate == 7);
  CHECK(limits.requests_per_s < usual.requests_per_s);
  CHECK(limits.channels_per_address < usual.channels_per_address);
  CHECK(limits.payload_bytes < usual.payload_bytes);
  CHECK(limits.readers_per_address < 1000);
  CHECK_FALSE(limits.named_channels);
  CHECK(options->lane_ports == 0);
  CHECK(parse({"--public", "--lane-ports", "2"})->lane_ports == 2);
  const ConfigFile file("public\nmax-channels-per-address = 3\n");
  const auto from_file = parse({"--config", file.name(), "--max-channels", "9"});
  REQUIRE(from_file);
  CHECK_FALSE(from_file->limits.named_channels);
  CHECK(from_file->limits.channels_per_address == 3);
  CHECK(from_file->limits.channels == 9);
  const ConfigFile wrong("public = yes\n");
  CHECK_FALSE(parse({"--config", wrong.name()}));
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
                           "--name",
                           "--max-connections",
                           "--max-subscribers",
                           "--max-subscribers-per-address",
                           "--public",
                           "--max-channels",
                           "--max-channels-per-address",
                           "--max-rate",
                           "--max-payload",
                           "--max-head",
                           "--max-body",
                           "--max-message",
                           "--max-lifetime",
                           "--max-requests-per-second",
                           "--trusted-proxy",
                           "--config",
                           "--help",
                           "--version"}) {
    CHECK(help_text().find(name) != std::string_view::npos);
  }
}

}  // namespace
}  // namespace playground::server
