#include "native_server/http/websocket_handshake.h"

#include <string>
#include <string_view>

#include "native_server/http/fields.h"
#include "native_server/http/refusal.h"

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

void check_websocket_handshake(const httplib::Request& request, httplib::Response& response) {
  if (request.method != "GET" || request.version != "HTTP/1.1" ||
      !field_has(request, "Upgrade", "websocket")) {
    response.set_header("Upgrade", "websocket");
    throw Refusal{426, "this path is a WebSocket: the header Upgrade must be `websocket`"};
  }
  if (!field_has(request, "Connection", "Upgrade")) {
    throw Refusal{400, "the header Connection must hold `Upgrade`"};
  }
  if (request.get_header_value_count("Sec-WebSocket-Version") != 1 ||
      request.get_header_value("Sec-WebSocket-Version") != "13") {
    response.set_header("Upgrade", "websocket");
    response.set_header("Sec-WebSocket-Version", "13");
    throw Refusal{426, "the header Sec-WebSocket-Version must be 13"};
  }
  if (request.get_header_value_count("Sec-WebSocket-Key") != 1 ||
      !is_key(request.get_header_value("Sec-WebSocket-Key"))) {
    throw Refusal{400, "the header Sec-WebSocket-Key must be 16 bytes in base64"};
  }
}

}  // namespace playground::server
