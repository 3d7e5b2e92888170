#include "core/simulation/web_socket.h"

#include <utility>

#include "core/http/message.h"

namespace playground::simulation {

constexpr auto kAbnormal = static_cast<std::uint16_t>(websocket::CloseCode::kAbnormalClosure);

WebSocket::WebSocket(Network& network, std::uint16_t port, std::string handshake,
                     std::uint64_t seed, WebSocketEvents& events)
    : random_(seed),
      events_(events),
      handshake_(std::move(handshake)),
      code_(kAbnormal),
      schedule_(network.schedule()),
      socket_(network.connect(port, *this)),
      closing_(network.schedule(), [this] { finish(); }) {}

void WebSocket::send(std::string_view text) {
  if (state_ == State::kOpen) send_frame(websocket::Opcode::kText, text);
}

void WebSocket::close() {
  if (state_ == State::kOpen) {
    // 5.5.1: without a code if the page gave none.
    send_frame(websocket::Opcode::kClose, {});
    state_ = State::kClosing;
    closing_.set(schedule_.now_us() + kClosingTime);
  } else if (state_ == State::kConnecting) {
    socket_->reset();
    finish();
  }
}

void WebSocket::on_connected() { socket_->send(handshake_); }

void WebSocket::on_bytes(std::string_view bytes) {
  if (state_ != State::kConnecting) return decode(bytes);
  head_ += bytes;
  const std::size_t end = head_.find("\r\n\r\n");
  if (end == std::string::npos) return;
  handshake_over();
  if (http::read_status(head_) != 101) return finish();
  state_ = State::kOpen;
  events_.on_open();
  const std::string frames = std::exchange(head_, {}).substr(end + 4);
  if (!frames.empty()) decode(frames);
}

void WebSocket::decode(std::string_view bytes) {
  if (state_ == State::kClosed) return;
  if (decoder_.feed(bytes, *this) != websocket::DecodeError::kNone) finish();
}

void WebSocket::on_end(PipeEnd) { finish(); }

void WebSocket::on_message(websocket::Opcode opcode, std::string_view payload) {
  if (state_ == State::kOpen) events_.on_message(payload, opcode == websocket::Opcode::kBinary);
}

void WebSocket::on_ping(std::string_view payload) {
  if (state_ == State::kOpen) send_frame(websocket::Opcode::kPong, payload);
}

// The server's Close is answered with its own code; the server ends the connection (7.1.1).
void WebSocket::on_close(std::uint16_t code, std::string_view reason) {
  code_ = code;
  reason_ = reason;
  if (state_ != State::kOpen) return;
  socket_->send(websocket::answer_to_close(code, masking_key()));
  state_ = State::kClosing;
  closing_.set(schedule_.now_us() + kClosingTime);
}

void WebSocket::handshake_over() {
  if (std::exchange(shaking_hands_, false)) events_.on_handshake_over();
}

websocket::MaskingKey WebSocket::masking_key() {
  websocket::MaskingKey key;
  for (std::uint8_t& byte : key) byte = static_cast<std::uint8_t>(random_.next());
  return key;
}

void WebSocket::send_frame(websocket::Opcode opcode, std::string_view payload) {
  std::string frame;
  websocket::encode_frame(opcode, payload, frame, masking_key());
  socket_->send(frame);
}

void WebSocket::finish() {
  if (std::exchange(state_, State::kClosed) == State::kClosed) return;
  closing_.cancel();
  socket_.reset();
  handshake_over();
  events_.on_close(code_, reason_);
}

}  // namespace playground::simulation
