#include "core/server/websocket_handshake.h"

#include <map>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

namespace playground::server {
namespace {

struct Handshake {
  std::string method = "GET";
  bool is_1_1 = true;
  std::multimap<std::string, std::string> fields = {
      {"Upgrade", "websocket"},
      {"Connection", "keep-alive, Upgrade"},
      {"Sec-WebSocket-Version", "13"},
      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
};

// The reply; its status is 0 where the handshake passes.
Reply reply_to(const Handshake& handshake) {
  std::string fields;
  for (const auto& [name, value] : handshake.fields) fields += name + ": " + value + "\r\n";
  Reply reply;
  const bool passed = check_websocket_handshake(
      {.method = handshake.method, .target = "/", .is_1_1 = handshake.is_1_1, .fields = fields},
      reply);
  if (passed) reply.status = 0;
  return reply;
}

TEST_CASE("a handshake in order passes", "[RFC 6455 4.2.1]") { CHECK(reply_to({}).status == 0); }

TEST_CASE("a handshake that lacks something is refused by name", "[RFC 6455 4.2.1]") {
  const struct {
    const char* field;
    const char* value;  // null: none
    int status;
  } rows[] = {
      {"Upgrade", nullptr, 426},
      {"Upgrade", "h2c", 426},
      {"Upgrade", "websocket, h2c", 400},
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
    Handshake handshake;
    handshake.fields.erase(row.field);
    if (row.value) handshake.fields.emplace(row.field, row.value);
    const Reply reply = reply_to(handshake);
    CHECK(reply.status == row.status);
    const bool names_version = find_field(reply.fields, "Sec-WebSocket-Version") == "13";
    CHECK(names_version == (std::string_view(row.field) == "Sec-WebSocket-Version"));
  }
}

TEST_CASE("a second key or version is refused") {
  Handshake key;
  key.fields.emplace("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  CHECK(reply_to(key).status == 400);
  Handshake version;
  version.fields.emplace("Sec-WebSocket-Version", "13");
  CHECK(reply_to(version).status == 426);
}

TEST_CASE("HTTP/1.0 and other methods cannot upgrade") {
  CHECK(reply_to({.is_1_1 = false}).status == 426);
  CHECK(reply_to({.method = "POST"}).status == 426);
}

}  // namespace
}  // namespace playground::server
