// What RFC 9110 (semantics) and RFC 9112 (HTTP/1.1) demand of an origin server, one by one: each
// MUST that concerns this one, with a request that shows it is kept. What is refused because it
// could be read in two ways is in tests/core/http/request_framing_test.cc.
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/running_server.h"

namespace playground::server {
namespace {

struct Requirement {
  std::string_view section;
  std::string_view demand;
  std::string bytes;  // of a request, or of several
  void (*check)(Client& client);
};

template <int kStatus>
void has_status(Client& client) {
  CHECK(client.read_response().status == kStatus);
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
bool is_date(std::string_view text) {
  return text.size() == 29 && text.substr(3, 2) == ", " && text.ends_with(" GMT") &&
         text[19] == ':' && text[22] == ':';
}

void has_date(Client& client) { CHECK(is_date(client.read_response().header("date"))); }

std::string get(std::string_view target, std::string_view fields = {}) {
  return request("GET", target, fields);
}

std::vector<Requirement> requirements(const std::string& channel) {
  return {
      // Messages and targets
      {"9112 2.2", "an empty line before the request line is ignored", "\r\n" + get("/healthz"),
       has_status<200>},
      {"9112 2.3", "a major version that is not spoken is 505", "GET / HTTP/3.0\r\nHost: a\r\n\r\n",
       has_status<505>},
      {"9112 3", "a line of the wrong form is 400", "GET /healthz\r\n\r\n", has_status<400>},
      {"9110 9.1", "a method that is not known is 501", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
       has_status<501>},
      {"9112 3", "a longer target than it takes is 414", "GET /" + std::string(20000, 'a'),
       has_status<414>},
      {"9112 3.2", "Host is demanded of HTTP/1.1", "GET / HTTP/1.1\r\n\r\n", has_status<400>},
      {"9112 3.2", "a second Host is 400", get("/", "Host: b\r\n"), has_status<400>},
      {"9112 3.2", "a Host of the wrong form is 400", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
       has_status<400>},
      {"9112 3.2.2", "a target with scheme and authority is taken",
       "GET http://a/healthz HTTP/1.1\r\nHost: a\r\n\r\n",
       [](Client& client) { CHECK(client.read_response().body == "ok"); }},
      {"9112 3.2.2", "its authority stands above Host",
       "GET http://evil.example/healthz HTTP/1.1\r\nHost: a\r\n\r\n"
       "GET HTTP://A:80/healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n",
       [](Client& client) {
         CHECK(client.read_response().status == 421);
         CHECK(client.read_response().status == 200);
       }},
      {"9110 7.4", "a name that is not the server's is misdirected",
       "GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", has_status<421>},
      {"9112 5.1", "space before a field's colon is 400", get("/", "X : y\r\n"), has_status<400>},
      {"9112 5.2", "a folded field is refused or unfolded", get("/", "X: y\r\n z\r\n"),
       has_status<400>},
      {"9110 5.5", "CR, LF and NUL in a value are refused", get("/", std::string("X: a\0b\r\n", 8)),
       has_status<400>},

      // Bodies
      {"9112 6.3", "a Content-Length that is no number is 400",
       request("POST", "/", "Content-Length: x\r\n"), has_status<400>},
      {"9112 6.3", "a body without a length may be 411",
       request("POST", channel + "/messages", "Transfer-Encoding: chunked\r\n"), has_status<411>},
      {"9110 8.6", "no Content-Length in a 204", request("DELETE", channel + "/faults"),
       [](Client& client) {
         const Response response = client.read_head();
         CHECK(response.status == 204);
         CHECK(response.headers.count("content-length") == 0);
         CHECK(response.headers.count("transfer-encoding") == 0);
       }},
      {"9110 9.3.2", "HEAD has no content", request("HEAD", "/healthz") + get("/healthz"),
       [](Client& client) {
         CHECK(client.read_head().header("content-length") == "2");
         CHECK(client.read_response().body == "ok");
       }},
      {"9112 7", "no chunks for HTTP/1.0", "GET " + channel + "/sse HTTP/1.0\r\nHost: a\r\n\r\n",
       [](Client& client) { CHECK(client.read_head().headers.count("transfer-encoding") == 0); }},

      // Fields of responses
      {"9110 6.6.1", "Date in a 2xx", get("/healthz"), has_date},
      {"9110 6.6.1", "Date in a 404", get("/nothing"), has_date},
      {"9110 6.6.1", "Date in a refusal of the framing", "GET / HTTP/1.1\r\n\r\n", has_date},
      {"9110 6.6.1", "Date in the head of a stream", get(channel + "/sse"),
       [](Client& client) { CHECK(is_date(client.read_head().header("date"))); }},
      {"9110 7.8", "101 names the protocol",
       get(channel + "/websocket",
           "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
       [](Client& client) {
         const Response response = client.read_head();
         CHECK(response.status == 101);
         CHECK(response.header("upgrade") == "websocket");
         CHECK(response.header("connection") == "Upgrade");
       }},
      {"9110 7.8", "Connection names the Upgrade of a 426", get(channel + "/websocket"),
       [](Client& client) {
         const Response response = client.read_response();
         CHECK(response.status == 426);
         CHECK(response.header("upgrade") == "websocket");
         CHECK(response.header("connection") == "Upgrade");
       }},
      {"9110 7.6.1", "what concerns a connection is one list",
       "GET " + channel + "/websocket HTTP/1.0\r\nHost: a\r\n\r\n",
       [](Client& client) {
         const Response response = client.read_response();
         CHECK(response.headers.count("connection") == 1);
         CHECK(response.header("connection") == "Upgrade, close");
       }},
      {"9110 7.8", "an Upgrade to something else is ignored",
       get("/healthz", "Upgrade: h2c\r\nConnection: Upgrade\r\n"), has_status<200>},
      {"9110 15.5.6", "Allow in a 405", request("PUT", channel + "/sse"),
       [](Client& client) {
         const Response response = client.read_response();
         CHECK(response.status == 405);
         CHECK(response.header("allow") == "OPTIONS, GET");
       }},
      {"9110 10.1.1", "100 before the body that waits for it",
       request("POST", channel + "/messages", "Content-Length: 1\r\nExpect: 100-continue\r\n"),
       [](Client& client) {
         CHECK(client.read_head().status == 100);
         client.send("x");
         CHECK(client.read_response().status == 201);
       }},
      {"9110 10.1.1", "no 100 for HTTP/1.0",
       "POST " + channel +
           "/messages HTTP/1.0\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\nx",
       has_status<201>},
      {"9110 12.1", "an Accept that cannot be met may be ignored", get("/healthz", "Accept: q\r\n"),
       has_status<200>},
      {"9110 14.2", "a Range may be ignored", get("/healthz", "Range: bytes=0-0\r\n"),
       has_status<200>},

      // Connections
      {"9112 9.3", "HTTP/1.1 stays open, HTTP/1.0 does not",
       get("/healthz") + "GET /healthz HTTP/1.0\r\n\r\n",
       [](Client& client) {
         CHECK(client.read_response().headers.count("connection") == 0);
         CHECK(client.read_response().header("connection") == "close");
         CHECK(client.at_end());
       }},
      {"9112 9.3.2", "requests sent ahead are answered in order",
       get("/healthz") + get("/nothing") + get("/healthz"),
       [](Client& client) {
         CHECK(client.read_response().status == 200);
         CHECK(client.read_response().status == 404);
         CHECK(client.read_response().status == 200);
       }},
      {"9112 9.6", "close ends the connection after its answer",
       get("/healthz", "Connection: keep-alive, Close\r\n") + get("/healthz"),
       [](Client& client) {
         CHECK(client.read_response().header("connection") == "close");
         CHECK(client.at_end());
       }},
  };
}

TEST_CASE("what the RFCs demand of an origin server is kept", "[RFC 9110][RFC 9112]") {
  RunningServer server;
  for (const Requirement& row : requirements(server.create_quiet())) {
    CAPTURE(row.section, row.demand);
    Client client(server.port());
    client.send(row.bytes);
    row.check(client);
  }
}

}  // namespace
}  // namespace playground::server
