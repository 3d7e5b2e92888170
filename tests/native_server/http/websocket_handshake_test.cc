#include "native_server/http/websocket_handshake.h"

#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "native_server/http/refusal.h"

namespace playground::server {
namespace {

httplib::Request in_order() {
  httplib::Request request;
  request.method = "GET";
  request.version = "HTTP/1.1";
  request.headers = {{"Upgrade", "websocket"},
                     {"Connection", "keep-alive, Upgrade"},
                     {"Sec-WebSocket-Version", "13"},
                     {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  return request;
}

int refused(const httplib::Request& request, httplib::Response& response) {
  try {
    check_websocket_handshake(request, response);
    return 0;
  } catch (const Refusal& refusal) {
    return refusal.status;
  }
}

TEST_CASE("a handshake in order passes", "[RFC 6455 4.2.1]") {
  httplib::Response response;
  CHECK(refused(in_order(), response) == 0);
}

TEST_CASE("a handshake that lacks something is refused by name", "[RFC 6455 4.2.1]") {
  const struct {
    const char* field;
    const char* value;  // null: none
    int status;
  } rows[] = {
      {"Upgrade", nullptr, 426},
      {"Upgrade", "h2c", 426},
      {"Connection", nullptr, 400},
      {"Connection", "keep-alive", 400},
      {"Connection", "upgraded", 400},
      {"Sec-WebSocket-Version", nullptr, 426},
      {"Sec-WebSocket-Version", "8", 426},
      {"Sec-WebSocket-Version", "013", 426},
      {"Sec-WebSocket-Key", nullptr, 400},
      {"Sec-WebSocket-Key", "", 400},
      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=", 400},
      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZR==", 400},
      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j====", 400},
      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZ!Bub25jZQ==", 400},
  };
  for (const auto& row : rows) {
    CAPTURE(row.field, row.value ? row.value : "(none)");
    httplib::Request request = in_order();
    request.headers.erase(row.field);
    if (row.value) request.headers.emplace(row.field, row.value);
    httplib::Response response;
    CHECK(refused(request, response) == row.status);
    const bool names_version = response.get_header_value("Sec-WebSocket-Version") == "13";
    CHECK(names_version == (std::string_view(row.field) == "Sec-WebSocket-Version"));
  }
}

TEST_CASE("a second key or version is refused") {
  httplib::Response response;
  httplib::Request request = in_order();
  request.headers.emplace("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  CHECK(refused(request, response) == 400);
}

TEST_CASE("HTTP/1.0 and other methods cannot upgrade") {
  httplib::Response response;
  httplib::Request request = in_order();
  request.version = "HTTP/1.0";
  CHECK(refused(request, response) == 426);
  request = in_order();
  request.method = "POST";
  CHECK(refused(request, response) == 426);
}

}  // namespace
}  // namespace playground::server
