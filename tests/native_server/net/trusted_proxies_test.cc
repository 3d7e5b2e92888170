#include "native_server/net/trusted_proxies.h"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/running_server.h"

namespace playground::server {
namespace {

Address address(std::string_view text) {
  const auto parsed = parse_address(text);
  REQUIRE(parsed);
  return *parsed;
}

TEST_CASE("a network is the addresses that begin with the same bits", "[RFC 4632 3.1]") {
  const struct {
    const char* network;
    const char* address;
    bool has;
  } rows[] = {
      {"10.0.0.0/8", "10.255.0.1", true},
      {"10.0.0.0/8", "11.0.0.1", false},
      {"10.1.2.3/8", "10.0.0.1", true},
      {"192.168.4.0/22", "192.168.7.255", true},
      {"192.168.4.0/22", "192.168.8.0", false},
      {"192.0.2.1", "192.0.2.1", true},
      {"192.0.2.1", "192.0.2.2", false},
      {"192.0.2.1/32", "::ffff:192.0.2.1", true},
      {"::ffff:192.0.2.0/120", "192.0.2.77", true},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::/0", "2001:db8::1", true},
      {"2001:db8::/32", "2001:db8:ffff::1", true},
      {"2001:db8::/32", "2001:db9::1", false},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::1", "::1", true},
      {"::1", "127.0.0.1", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.network, row.address);
    const auto network = parse_network(row.network);
    REQUIRE(network);
    CHECK(network->has(address(row.address)) == row.has);
  }
  for (const char* bad :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8 ", "10.0.0/8", "::/129",
        "[::1]", "fe80::1%eth0", "proxy.example", "10.0.0.0/8/8"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_network(bad));
  }
}

struct Told {
  std::string asker, host, scheme;
};

// By a proxy at `peer`, where 10.0.0.0/8 and 2001:db8:ffff::/48 are trusted.
Told told(std::string_view peer, std::string_view fields) {
  static const TrustedProxies proxies(
      {*parse_network("10.0.0.0/8"), *parse_network("2001:db8:ffff::/48")});
  Request request;
  request.fields = fields;
  const Address asker = proxies.asker(address(peer), request);
  return {to_text(asker), std::string(request.asked_host), std::string(request.asked_scheme)};
}

TEST_CASE(
    "who asks is the last address that a trusted proxy wrote and that is not trusted itself") {
  const struct {
    const char* peer;
    const char* fields;
    const char* asker;
  } rows[] = {
      {"10.0.0.1", "", "10.0.0.1"},
      {"10.0.0.1", "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
      {"::ffff:10.0.0.1", "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
      {"2001:db8:ffff::1", "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
      {"10.0.0.1", "X-Forwarded-For: ::ffff:192.0.2.1\r\n", "192.0.2.1"},
      {"10.0.0.1", "X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1"},
      {"10.0.0.1", "X-Forwarded-For: [2001:db8::1]:80\r\n", "2001:db8::1"},
      {"10.0.0.1", "X-Forwarded-For: 192.0.2.1:80\r\n", "192.0.2.1"},
      // What stands further left may be the client's own invention.
      {"10.0.0.1", "X-Forwarded-For: 203.0.113.7, 192.0.2.1\r\n", "192.0.2.1"},
      {"10.0.0.1", "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
      // Through several that are trusted.
      {"10.0.0.1", "X-Forwarded-For: 203.0.113.7, 192.0.2.1 , 10.0.0.3,10.0.0.2\r\n", "192.0.2.1"},
      {"10.0.0.1", "X-Forwarded-For: 10.0.0.3, 10.0.0.2\r\n", "10.0.0.3"},
      // Of a peer that is not.
      {"192.0.2.9", "X-Forwarded-For: 203.0.113.7\r\n", "192.0.2.9"},
      {"192.0.2.9", "Forwarded: for=203.0.113.7\r\n", "192.0.2.9"},
      {"10.0.0.1", "Forwarded: for=192.0.2.1\r\n", "192.0.2.1"},
      {"10.0.0.1", "Forwarded: For=\"192.0.2.1:80\" ; proto=https\r\n", "192.0.2.1"},
      {"10.0.0.1", "Forwarded: by=10.0.0.1;for=\"[2001:db8::1]:80\"\r\n", "2001:db8::1"},
      {"10.0.0.1", "Forwarded: for=203.0.113.7, for=192.0.2.1, for=10.0.0.2\r\n", "192.0.2.1"},
      {"10.0.0.1", "Forwarded: for=203.0.113.7;host=\"a,b\", for=192.0.2.1\r\n", "192.0.2.1"},
      // What is no address ends it where it stands.
      {"10.0.0.1", "X-Forwarded-For: 192.0.2.1, unknown\r\n", "10.0.0.1"},
      {"10.0.0.1", "X-Forwarded-For: 192.0.2.1, unknown, 10.0.0.2\r\n", "10.0.0.2"},
      {"10.0.0.1", "X-Forwarded-For: 192.0.2.1,\r\n", "192.0.2.1"},
      {"10.0.0.1", "X-Forwarded-For: 192.0.2.1,,\r\n", "10.0.0.1"},
      {"10.0.0.1", "X-Forwarded-For: 192.0.2.1:x\r\n", "10.0.0.1"},
      {"10.0.0.1", "X-Forwarded-For: 192.0.2.1.5\r\n", "10.0.0.1"},
      {"10.0.0.1", "X-Forwarded-For: [2001:db8::1\r\n", "10.0.0.1"},
      {"10.0.0.1", "X-Forwarded-For: [2001:db8::1]80\r\n", "10.0.0.1"},
      {"10.0.0.1", "Forwarded: for=_hidden\r\n", "10.0.0.1"},
      {"10.0.0.1", "Forwarded: for=\"_gazonk\", for=unknown\r\n", "10.0.0.1"},
      {"10.0.0.1", "Forwarded: for=\"192.0.2.1\r\n", "10.0.0.1"},
      {"10.0.0.1", "Forwarded: for=\"192.0.2.\\1\"\r\n", "10.0.0.1"},
      {"10.0.0.1", "Forwarded: 192.0.2.1\r\n", "10.0.0.1"},
      {"10.0.0.1", "Forwarded:\r\n", "10.0.0.1"},
      // One of the two may have been passed on as the client sent it.
      {"10.0.0.1", "Forwarded: for=192.0.2.1\r\nX-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"},
      {"10.0.0.1", "Forwarded: for=203.0.113.7\r\nX-Forwarded-For: 192.0.2.1\r\n", "10.0.0.1"},
      {"10.0.0.1", "Forwarded: for=192.0.2.1\r\nX-Forwarded-For: 203.0.113.7\r\n", "10.0.0.1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.peer, row.fields);
    CHECK(told(row.peer, row.fields).asker == row.asker);
  }
}

TEST_CASE("host and scheme are those that the outermost trusted proxy was asked for") {
  const struct {
    const char* fields;
    const char* host;
    const char* scheme;
  } rows[] = {
      {"", "", ""},
      {"X-Forwarded-Host: a.example\r\nX-Forwarded-Proto: https\r\n", "a.example", "https"},
      {"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Host: a.example:81\r\n", "a.example:81", ""},
      // Apache adds to what the client sent.
      {"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Host: evil.example, a.example\r\n", "a.example",
       ""},
      {"X-Forwarded-For: 192.0.2.1, 10.0.0.2\r\nX-Forwarded-Host: x, a.example, b.example\r\n",
       "a.example", ""},
      {"X-Forwarded-For: 192.0.2.1, 10.0.0.2\r\nX-Forwarded-Proto: https\r\n", "", "https"},
      {"X-Forwarded-Proto: gopher\r\n", "", ""},
      {"Forwarded: for=192.0.2.1;host=\"a.example:81\";proto=https\r\n", "a.example:81", "https"},
      {"Forwarded: host=x, for=192.0.2.1;host=a.example, for=10.0.0.2;host=b.example\r\n",
       "a.example", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.fields);
    CHECK(told("10.0.0.1", row.fields).host == row.host);
    CHECK(told("10.0.0.1", row.fields).scheme == row.scheme);
    CHECK(told("192.0.2.9", row.fields).host.empty());
    CHECK(told("192.0.2.9", row.fields).scheme.empty());
  }
}

std::string for_client(std::string_view client) {
  return "X-Forwarded-For: " + std::string(client) + "\r\n";
}

TEST_CASE("limits per address count whom a trusted proxy asks for, and the proxy without trust") {
  Options options = test_options();
  options.limits.channels_per_address = 1;
  const auto create = [](RunningServer& server, std::string_view client) {
    return fetch(server.port(), request("POST", "/api/channels", for_client(client), "{}")).status;
  };
  {
    RunningServer server(options);
    CHECK(create(server, "192.0.2.1") == 201);
    CHECK(create(server, "192.0.2.2") == 503);
  }
  options.trusted_proxies = {*parse_network("127.0.0.1")};
  RunningServer server(options);
  CHECK(create(server, "192.0.2.1") == 201);
  CHECK(create(server, "192.0.2.2") == 201);
  CHECK(create(server, "192.0.2.1") == 503);
  CHECK(create(server, "192.0.2.9, 192.0.2.1") == 503);
  CHECK(create(server, "2001:db8::1") == 201);
  CHECK(create(server, "2001:db8::2") == 503);  // of the same household
}

TEST_CASE("clients that share a proxy's connection have a rate each") {
  Options options = test_options();
  options.limits.requests_per_s = 2;
  options.trusted_proxies = {*parse_network("127.0.0.0/8")};
  RunningServer server(options);
  Client proxy(server.port());
  const auto status = [&](std::string_view client) {
    proxy.send(request("GET", "/healthz", for_client(client)));
    return proxy.read_response().status;
  };
  for (const char* client : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}) {
    CAPTURE(client);
    CHECK(status(client) == 200);
  }
  CHECK(fetch(server.port(), request("GET", "/healthz", for_client("192.0.2.1"))).status == 200);
}

TEST_CASE(
    "a trusted proxy's host is checked, and its scheme decides what the server's own pages are") {
  Options options = test_options();
  options.trusted_proxies = {*parse_network("127.0.0.1")};
  RunningServer server(options);
  const auto create = [&](std::string_view fields) {
    return fetch(server.port(), request("POST", "/api/channels", fields, "{}")).status;
  };
  CHECK(create("X-Forwarded-Host: a\r\nX-Forwarded-Proto: https\r\nOrigin: https://a\r\n") == 201);
  CHECK(create("X-Forwarded-Host: 10.0.0.7\r\nX-Forwarded-Proto: https\r\nOrigin: "
               "https://10.0.0.7\r\n") == 201);
  CHECK(create("X-Forwarded-Host: 10.0.0.7\r\nX-Forwarded-Proto: https\r\nOrigin: "
               "http://10.0.0.7\r\n") == 403);
  CHECK(create("X-Forwarded-Host: evil.example\r\nOrigin: http://evil.example\r\n") == 421);
  // A page of a name that was made to lead here can write any field, but not Host.
  CHECK(fetch(server.port(),
              "GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\n\r\n")
            .status == 421);
}

}  // namespace
}  // namespace playground::server
