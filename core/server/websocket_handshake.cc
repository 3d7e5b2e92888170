#include "core/server/websocket_handshake.h"

#include <string_view>

#include "core/server/api_text.h"

namespace playground::server {
namespace {

// 4.1: 16 bytes in base64: 22 digits, the last of which has two bits of data, and the padding.
bool is_key(std::string_view key) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::string_view kLastDigits = "AQgw";
  return key.size() == 24 && key.ends_with("==") &&
         kLastDigits.find(key[21]) != std::string_view::npos &&
         key.find_first_not_of(kDigits) == 22;
}

}  // namespace

bool check_websocket_handshake(const Request& request, Reply& reply) {
  if (request.method != "GET" || !request.is_1_1 || !request.field_has("Upgrade", "websocket")) {
    reply.add_field("Upgrade", "websocket");
    return refused(reply, 426, "this path is a WebSocket: the header Upgrade must be `websocket`");
  }
  if (!request.field_has("Connection", "Upgrade")) {
    return refused(reply, 400, "the header Connection must hold `Upgrade`");
  }
  if (request.count_fields("Sec-WebSocket-Version") != 1 ||
      request.field("Sec-WebSocket-Version") != "13") {
    reply.add_field("Upgrade", "websocket");
    reply.add_field("Sec-WebSocket-Version", "13");
    return refused(reply, 426, "the header Sec-WebSocket-Version must be 13");
  }
  if (request.count_fields("Sec-WebSocket-Key") != 1 ||
      !is_key(request.field("Sec-WebSocket-Key"))) {
    return refused(reply, 400, "the header Sec-WebSocket-Key must be 16 bytes in base64");
  }
  if (!equals_ignoring_case(request.field("Upgrade"), "websocket")) {
    return refused(reply, 400, "the header Upgrade must be `websocket` and nothing else");
  }
  return true;
}

}  // namespace playground::server
