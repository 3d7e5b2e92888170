#include "native_client/net/proxy.h"

#include <map>
#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::native {
namespace {

using Environment = std::map<std::string, std::string>;

Result<ProxyRules> rules(const Environment& environment) {
  return ProxyRules::from_environment([&](const char* name) -> const char* {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second.c_str();
  });
}

// "proxy port 3128"; empty where there is none on the way.
std::string way(const Environment& environment, std::string_view address) {
  const auto all = rules(environment);
  REQUIRE(all);
  const Proxy* proxy = all->proxy_for(*parse_url(address));
  return proxy == nullptr ? "" : proxy->place();
}

TEST_CASE("each kind of address has its proxy, and a WebSocket that of its kind", "[proxy]") {
  const Environment both{{"http_proxy", "http://plain:3128"}, {"HTTPS_PROXY", "secure:8080/"}};
  CHECK(way(both, "http://a") == "plain port 3128");
  CHECK(way(both, "ws://a") == "plain port 3128");
  CHECK(way(both, "https://a") == "secure port 8080");
  CHECK(way(both, "wss://a") == "secure port 8080");
  CHECK(way({}, "http://a") == "");
  CHECK(way({{"ALL_PROXY", "http://all:1"}}, "https://a") == "all port 1");
  CHECK(way({{"ALL_PROXY", "http://all:1"}, {"https_proxy", "http://one:2"}}, "https://a") ==
        "one port 2");
}

TEST_CASE("small letters come first, and an empty value is none", "[proxy]") {
  CHECK(way({{"https_proxy", "small:1"}, {"HTTPS_PROXY", "large:1"}}, "https://a") ==
        "small port 1");
  CHECK(way({{"https_proxy", ""}}, "https://a") == "");
}

TEST_CASE("in a CGI program HTTP_PROXY may be a request's field", "[proxy]") {
  CHECK(way({{"HTTP_PROXY", "a:1"}}, "http://b") == "a port 1");
  CHECK(way({{"HTTP_PROXY", "a:1"}, {"REQUEST_METHOD", "GET"}}, "http://b") == "");
  CHECK(way({{"http_proxy", "a:1"}, {"REQUEST_METHOD", "GET"}}, "http://b") == "a port 1");
}

TEST_CASE("a proxy's port and credentials", "[proxy]") {
  CHECK(way({{"http_proxy", "a"}}, "http://b") == "a port 1080");
  CHECK(way({{"http_proxy", "http://a:80"}}, "http://b") == "a port 80");
  const auto all = rules({{"http_proxy", "http://us%65r:p%3Ass@a:1"}});
  REQUIRE(all);
  CHECK(all->proxy_for(*parse_url("http://b"))->authorization == "Basic dXNlcjpwOnNz");
}

TEST_CASE("a proxy that cannot be used is an error that names the variable", "[proxy]") {
  const auto socks = rules({{"all_proxy", "socks5://a"}});
  REQUIRE_FALSE(socks);
  CHECK(socks.error().message.starts_with("all_proxy names a proxy of the kind socks5"));
  const auto none = rules({{"http_proxy", "http://:8"}});
  REQUIRE_FALSE(none);
  CHECK(none.error().message.starts_with("http_proxy is no address of a proxy"));
}

TEST_CASE("no_proxy excepts names, those under them, addresses and networks", "[proxy]") {
  const auto excepted = [](const std::string& exceptions, std::string_view host) {
    return way({{"http_proxy", "p:1"}, {"NO_PROXY", exceptions}}, "http://" + std::string(host)) ==
           "";
  };
  CHECK(excepted("*", "a.example"));
  CHECK(excepted("other, example.org", "EXAMPLE.org"));
  CHECK(excepted("example.org", "www.example.org"));
  CHECK(excepted(".example.org", "example.org"));
  CHECK_FALSE(excepted("example.org", "notexample.org"));
  CHECK_FALSE(excepted("www.example.org", "example.org"));
  CHECK_FALSE(excepted("example", "example.org"));
  CHECK(excepted("127.0.0.1", "127.0.0.1"));
  CHECK(excepted("10.0.0.0/8 192.168.1.0/25", "192.168.1.127"));
  CHECK_FALSE(excepted("10.0.0.0/8 192.168.1.0/25", "192.168.1.128"));
  CHECK(excepted("0.0.0.0/0", "8.8.8.8"));
  CHECK_FALSE(excepted("10.0.0.0/40", "10.0.0.1"));
  CHECK(excepted("::1", "[::1]"));
  CHECK(excepted("[::1]", "[::1]"));
  CHECK(excepted("fd00::/9", "[fd7f::1]"));
  CHECK_FALSE(excepted("fd00::/9", "[fdff::1]"));
  CHECK_FALSE(excepted("127.0.0.1", "a127.0.0.1"));
}

}  // namespace
}  // namespace playground::native
