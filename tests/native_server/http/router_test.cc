// What the seam relies on in cpp-httplib, so that a new version that changes it fails here.
#include "native_server/http/router.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

namespace playground::server {
namespace {

class NoSession final : public Session {
 public:
  void begin(Outlet&, std::string) override {}
  void end() override {}
};

struct Answer {
  std::string text;
  bool keep_alive;
  bool has_session;
};

Answer answer(Router& router, std::string_view head, std::string_view body = {}) {
  Exchange exchange;
  exchange.head = head;
  exchange.body = body;
  router.handle(exchange);
  return {exchange.response, exchange.keep_alive, exchange.session != nullptr};
}

std::string get(std::string_view target, std::string_view fields = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the seam is written for one version of cpp-httplib") {
  // Another one: read Server::process_request() again, then change this.
  CHECK(std::string_view(CPPHTTPLIB_VERSION_NUM) == "0x002900");
}

TEST_CASE("a request in memory is answered in memory") {
  Router router;
  router.Get("/hello",
             [](const auto&, auto& response) { response.set_content("there", "text/plain"); });
  const Answer got = answer(router, get("/hello"));
  CHECK(got.text ==
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nthere");
  CHECK(got.keep_alive);
}

TEST_CASE("the connection ends when the request or HTTP/1.0 says so") {
  Router router;
  router.Get("/", [](const auto&, auto& response) { response.set_content("x", "text/plain"); });
  CHECK_FALSE(answer(router, get("/", "Connection: close\r\n")).keep_alive);
  CHECK_FALSE(answer(router, get("/", "Connection: foo, Close\r\n")).keep_alive);
  CHECK_FALSE(answer(router, "GET / HTTP/1.0\r\n\r\n").keep_alive);
  CHECK(answer(router, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
  CHECK(contains(answer(router, "GET / HTTP/1.0\r\n\r\n").text, "\r\nConnection: close\r\n"));
}

TEST_CASE("an error keeps the connection, and its body says what is wrong") {
  Router router;
  const Answer got = answer(router, get("/none"));
  CHECK(got.keep_alive);
  CHECK(contains(got.text, "HTTP/1.1 404 "));
  CHECK(contains(got.text, R"({"error":"there is nothing at /none"})"));
  CHECK(contains(got.text, "\r\nContent-Length: 37\r\n"));
}

TEST_CASE("a body reaches the handler whole, whatever its type") {
  Router router;
  std::string body;
  router.Post("/", [&](const auto& request, auto&) { body = request.body; });
  for (const char* type :
       {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"}) {
    CAPTURE(type);
    const std::string head =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\nContent-Type: " + std::string(type) +
        "\r\n\r\n";
    body.clear();
    const Answer got = answer(router, head, "a=b&c=d");
    CHECK(contains(got.text, "HTTP/1.1 200 "));
    CHECK(body == "a=b&c=d");
  }
}

TEST_CASE("cpp-httplib does not answer an expectation a second time") {
  Router router;
  router.Post("/", [](const auto&, auto&) {});
  const Answer got = answer(
      router, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n",
      "x");
  CHECK(got.text.starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a stream's response is its head and no more") {
  Router router;
  router.Get("/", [&](const auto&, auto& response) {
    router.stream(response, "text/event-stream", true, std::make_unique<NoSession>());
  });
  const Answer got = answer(router, get("/"));
  CHECK(got.has_session);
  CHECK_FALSE(got.keep_alive);
  CHECK(got.text.ends_with("\r\n\r\n"));
  CHECK(contains(got.text, "\r\nTransfer-Encoding: chunked\r\n"));
  CHECK(contains(got.text, "\r\nConnection: close\r\n"));
  CHECK_FALSE(contains(got.text, "Content-Length"));
}

TEST_CASE("a stream without chunks is ended by the connection's end") {
  Router router;
  router.Get("/", [&](const auto&, auto& response) {
    router.stream(response, "text/event-stream", false, std::make_unique<NoSession>());
  });
  const Answer got = answer(router, "GET / HTTP/1.0\r\n\r\n");
  CHECK(got.has_session);
  CHECK(got.text.ends_with("\r\n\r\n"));
  CHECK_FALSE(contains(got.text, "Transfer-Encoding"));
  CHECK_FALSE(contains(got.text, "Content-Length"));
}

TEST_CASE("a held response is a head that still lacks its length") {
  Router router;
  router.Get("/", [&](const auto&, auto& response) {
    router.hold(response, "application/json", std::make_unique<NoSession>());
  });
  const Answer got = answer(router, get("/"));
  CHECK(got.has_session);
  CHECK(got.keep_alive);
  CHECK(got.text.ends_with("\r\n\r\n"));
  CHECK_FALSE(contains(got.text, "Transfer-Encoding"));
  CHECK_FALSE(contains(got.text, "Content-Length"));
}

TEST_CASE("HEAD begins no session") {
  Router router;
  router.Get("/", [&](const auto&, auto& response) {
    router.stream(response, "text/event-stream", true, std::make_unique<NoSession>());
  });
  const Answer got = answer(router, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK_FALSE(got.has_session);
  CHECK(got.text.ends_with("\r\n\r\n"));
}

TEST_CASE("after the 101 cpp-httplib's WebSocket writes nothing and begins no thread",
          "[RFC 6455 1.3]") {
  Router router;
  router.WebSocket(
      "/", [&](const auto&, auto&) { router.exchange().session = std::make_unique<NoSession>(); });
  const Answer got = answer(router, get("/",
                                        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                        "Sec-WebSocket-Version: 13\r\n"
                                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  CHECK(got.has_session);
  CHECK(got.text ==
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
}

TEST_CASE("the pre-routing handler comes before a WebSocket's 101") {
  Router router;
  router.set_pre_routing_handler([](const auto&, auto& response) {
    response.status = 403;
    response.set_content("no", "text/plain");
    return httplib::Server::HandlerResponse::Handled;
  });
  router.WebSocket("/", [](const auto&, auto&) { FAIL("upgraded"); });
  const Answer got = answer(router, get("/",
                                        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                        "Sec-WebSocket-Version: 13\r\n"
                                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  CHECK(contains(got.text, "HTTP/1.1 403 "));
  CHECK(contains(got.text, "\r\nContent-Length: 2\r\n"));
}

TEST_CASE("a handler that throws is answered 500 and nothing escapes") {
  Router router;
  router.Get("/", [](const auto&, auto&) { throw std::runtime_error("broken"); });
  router.WebSocket("/socket", [](const auto&, auto&) { throw std::runtime_error("broken"); });
  CHECK(contains(answer(router, get("/")).text, "HTTP/1.1 500 "));
  const Answer got = answer(router, get("/socket",
                                        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                        "Sec-WebSocket-Version: 13\r\n"
                                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  CHECK(got.text.starts_with("HTTP/1.1 500 "));
  CHECK_FALSE(got.keep_alive);
}

TEST_CASE("a header field cannot be injected by percent-encoding") {
  Router router;
  router.Get("/", [](const auto& request, auto& response) {
    response.set_header("Echo", request.get_header_value("X"));
    response.set_header("Echo-Target", request.get_param_value("q"));
    response.set_content("x", "text/plain");
  });
  const Answer got = answer(router, get("/?q=a%0d%0aEvil:%201", "X: a%0d%0aEvil: 1\r\n"));
  CHECK_FALSE(contains(got.text, "\nEvil"));
}

TEST_CASE("a range is not taken out of an answer") {
  Router router;
  router.Get("/",
             [](const auto&, auto& response) { response.set_content("0123456789", "text/plain"); });
  const Answer got = answer(router, get("/", "Range: bytes=2-3\r\n"));
  CHECK(contains(got.text, "HTTP/1.1 200 "));
  CHECK(got.text.ends_with("0123456789"));
}

}  // namespace
}  // namespace playground::server
