#include "native_client/options.h"

#include <map>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace playground::native {
namespace {

Result<Options> parse(const std::vector<const char*>& arguments,
                      const std::map<std::string, std::string>& environment = {}) {
  return parse_options(arguments, [&](const char* name) -> const char* {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second.c_str();
  });
}

std::string error(const std::vector<const char*>& arguments) {
  const auto options = parse(arguments);
  return options ? "" : options.error().message;
}

TEST_CASE("a command, its options and an address may stand in any order", "[options]") {
  const auto options = parse({"watch", "--count", "3", "http://a/b", "--for=2.5", "-v", "--json"});
  REQUIRE(options);
  CHECK(options->command == Command::kWatch);
  CHECK(options->url.text() == "http://a/b");
  CHECK(options->count == 3);
  CHECK(options->time == 2'500'000);
  CHECK(options->verbose);
  CHECK(options->json);
}

TEST_CASE("what every command has", "[options]") {
  for (const char* command : {"check", "watch", "compare"}) {
    const auto options =
        parse({command, "--header", "X-Key:  some value ", "--header=Cookie: a", "--insecure",
               "--resolve", "Example.org:443:127.0.0.1,[::1]", "https://example.org"});
    REQUIRE(options);
    const NetworkSettings& network = options->network;
    REQUIRE(network.header_fields.size() == 2);
    CHECK(network.header_fields[0].name == "X-Key");
    CHECK(network.header_fields[0].value == "some value");
    CHECK(network.insecure);
    REQUIRE(network.resolutions.size() == 1);
    CHECK(network.resolutions[0].host == "example.org");
    CHECK(network.resolutions[0].port == 443);
    CHECK(network.resolutions[0].addresses == std::vector<std::string>{"127.0.0.1", "::1"});
  }
}

TEST_CASE("a name and a password in the address are for all requests", "[options]") {
  const auto options = parse({"watch", "http://user:p%40ss@a/b"});
  REQUIRE(options);
  REQUIRE(options->network.header_fields.size() == 1);
  CHECK(options->network.header_fields[0].name == "Authorization");
  CHECK(options->network.header_fields[0].value == "Basic dXNlcjpwQHNz");
  CHECK(options->url.text() == "http://a/b");
  const auto said = parse({"watch", "http://user@a", "--header", "authorization: Bearer x"});
  CHECK(said->network.header_fields.size() == 1);
}

TEST_CASE("a check is quick, or waits for silence", "[options]") {
  const auto options = parse({"check", "--silence", "120", "--markdown", "http://a"});
  REQUIRE(options);
  CHECK(options->longest_silence == 120 * client::kSecond);
  CHECK(options->markdown);
  CHECK(parse({"check", "--quick", "http://a"})->quick);
  CHECK(error({"check", "--quick", "--silence=1", "http://a"}) == "--quick waits for no --silence");
  CHECK(error({"check", "--silence", "301", "http://a"}) ==
        "--silence must be seconds from 0 to 300, not \"301\"");
  CHECK(error({"check", "--json", "--markdown", "http://a"}) ==
        "--json and --markdown cannot be had together");
  CHECK(error({"check", "--channel", "x", "http://a"}).starts_with("--channel must be the id"));
}

TEST_CASE("transports are named with commas", "[options]") {
  const auto options = parse({"compare", "--transports=sse,websocket", "http://a"});
  REQUIRE(options);
  CHECK(options->transports == std::vector{TransportId::kSse, TransportId::kWebSocket});
}

TEST_CASE("data makes a POST, unless a method is named", "[options]") {
  CHECK(parse({"watch", "--data", "{}", "http://a"})->method == "POST");
  CHECK(parse({"watch", "--data", "{}", "--method", "QUERY", "http://a"})->method == "QUERY");
  CHECK(parse({"watch", "--method", "QUERY", "--data", "{}", "http://a"})->method == "QUERY");
}

TEST_CASE("what is wrong on the command line is named", "[options]") {
  CHECK(error({}) == "a command is missing: check, watch or compare");
  CHECK(error({"serve"}) == "unknown command serve; there are check, watch and compare");
  CHECK(error({"watch"}) == "watch needs an address");
  CHECK(error({"watch", "http://a", "http://b"}) ==
        "only one address can be given, and \"http://b\" is a second");
  CHECK(error({"watch", "a"}) == "\"a\" must begin with http://, https://, ws:// or wss://");
  CHECK(error({"check", "ws://a"}) == "\"ws://a\" must begin with http:// or https://");
  CHECK(error({"watch", "--bad=1", "http://a"}) == "unknown option --bad");
  CHECK(error({"watch", "--quick", "http://a"}) == "--quick is no option of watch");
  CHECK(error({"watch", "--json=1", "http://a"}) == "--json takes no value");
  CHECK(error({"watch", "http://a", "--count"}) == "--count needs a value");
  CHECK(error({"watch", "--count", "0", "http://a"}) ==
        "--count must be a number from 1 to 1000000000, not \"0\"");
  CHECK(error({"watch", "--for", "1e3", "http://a"}) ==
        "--for must be seconds from 0.1 to 86400, not \"1e3\"");
  CHECK(error({"watch", "--as", "xml", "http://a"}) ==
        "--as must be sse, websocket, ndjson, lines or poll, not \"xml\"");
  CHECK(error({"watch", "--as", "sse", "ws://a"}) ==
        "--as must be websocket where the address begins with ws:// or wss://");
  CHECK(error({"watch", "--send", "x", "http://a"}) == "--send is for a WebSocket only");
  CHECK(error({"watch", "--header", "no colon", "http://a"}) ==
        "--header must be a header field such as 'Authorization: Bearer …', not \"no colon\"");
  CHECK(error({"watch", "--header", "Upgrade: h2c", "http://a"}) ==
        "--header cannot set Upgrade, which the program sets by itself, not \"Upgrade: h2c\"");
  CHECK(error({"watch", "--resolve", "a:80:b", "http://a"}).starts_with("--resolve must be HOST:"));
  CHECK(error({"compare", "--transports", "sse,sse", "http://a"})
            .starts_with("--transports must be names"));
  CHECK(error({"compare", "--rate", "6000", "http://a"}) ==
        "--rate must be a number from 0.1 to 5000, not \"6000\"");
}

TEST_CASE("help and version stand alone", "[options]") {
  CHECK(parse({"--help"})->help);
  CHECK(parse({"--version"})->version);
  CHECK(parse({"watch", "--help"})->help);
  CHECK(error({"--version", "watch"}) == "--version stands alone, or behind a command");
  for (const Command each : {Command::kNone, Command::kCheck, Command::kWatch, Command::kCompare}) {
    CHECK(help_text(each).starts_with("Usage: playground "));
    CHECK(help_text(each).find("HTTP/1.1") != std::string::npos);
  }
}

TEST_CASE("a proxy that cannot be used is named with its variable", "[options][proxy]") {
  const auto options = parse({"watch", "http://a"}, {{"HTTPS_PROXY", "socks5://localhost:1080"}});
  REQUIRE_FALSE(options);
  CHECK(options.error().message ==
        "HTTPS_PROXY names a proxy of the kind socks5; only one that begins with http:// can be "
        "used");
}

}  // namespace
}  // namespace playground::native
