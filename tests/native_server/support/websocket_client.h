// The client's end of a WebSocket, over the core's codec.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "core/websocket/decoder.h"
#include "core/websocket/frame.h"
#include "tests/native_server/support/client.h"

namespace playground::server {

// The header fields of a handshake in order.
inline constexpr std::string_view kHandshake =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

class WebSocketClient : private websocket::DecoderEvents {
 public:
  struct Frame {
    websocket::Opcode opcode;
    std::string payload;           // of a Close frame, the reason
    std::uint16_t close_code = 0;  // of a Close frame

    bool operator==(const Frame&) const = default;
  };

  // Throws when the server does not upgrade.
  WebSocketClient(std::uint16_t port, std::string_view target, int receive_buffer = 0);

  // The next message or control frame; throws when the connection ends before.
  Frame next();

  void send(websocket::Opcode opcode, std::string_view payload);
  void send_text(std::string_view payload) { send(websocket::Opcode::kText, payload); }
  void send_close(std::uint16_t code);

  Client& connection() { return client_; }
  const Response& handshake() const { return handshake_; }

 private:
  void on_message(websocket::Opcode opcode, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view payload) override;
  void on_close(std::uint16_t code, std::string_view reason) override;

  Client client_;
  Response handshake_;
  websocket::Decoder decoder_{websocket::Role::kClient, 16 << 20};
  std::deque<Frame> frames_;
};

}  // namespace playground::server
