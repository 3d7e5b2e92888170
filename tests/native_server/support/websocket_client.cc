#include "tests/native_server/support/websocket_client.h"

#include <stdexcept>

namespace playground::server {

using websocket::Opcode;

namespace {

constexpr websocket::MaskingKey kKey{0x37, 0xfa, 0x21, 0x3d};

}  // namespace

WebSocketClient::WebSocketClient(std::uint16_t port, std::string_view target, int receive_buffer)
    : client_(port, receive_buffer) {
  client_.send(request("GET", target, kHandshake));
  handshake_ = client_.read_head();
  if (handshake_.status != 101) {
    throw std::runtime_error("not upgraded: " + std::to_string(handshake_.status));
  }
}

WebSocketClient::Frame WebSocketClient::next() {
  while (frames_.empty()) {
    const std::string bytes = client_.read_some();
    if (bytes.empty()) throw std::runtime_error("the connection ended without a Close frame");
    const auto error = decoder_.feed(bytes, *this);
    if (error != websocket::DecodeError::kNone) {
      throw std::runtime_error(std::string(to_text(error)));
    }
  }
  const Frame frame = frames_.front();
  frames_.pop_front();
  return frame;
}

void WebSocketClient::send(Opcode opcode, std::string_view payload) {
  std::string frame;
  websocket::encode_frame(opcode, payload, frame, kKey);
  client_.send(frame);
}

void WebSocketClient::send_close(std::uint16_t code) {
  send(Opcode::kClose, std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)});
}

void WebSocketClient::on_message(Opcode opcode, std::string_view payload) {
  frames_.push_back({opcode, std::string(payload)});
}
void WebSocketClient::on_ping(std::string_view payload) {
  frames_.push_back({Opcode::kPing, std::string(payload)});
}
void WebSocketClient::on_pong(std::string_view payload) {
  frames_.push_back({Opcode::kPong, std::string(payload)});
}
void WebSocketClient::on_close(std::uint16_t code, std::string_view reason) {
  frames_.push_back({Opcode::kClose, std::string(reason), code});
}

}  // namespace playground::server
