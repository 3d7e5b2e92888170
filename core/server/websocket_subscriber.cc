#include "core/server/websocket_subscriber.h"

#include <string>

#include "core/websocket/frame.h"

namespace playground::server {

using websocket::CloseCode;
using websocket::DecodeError;
using websocket::Opcode;

constexpr std::string_view kMaxBody = "--max-body";

WebSocketSubscriber::WebSocketSubscriber(Channel& channel, std::uint64_t cursor,
                                         std::size_t max_message_bytes)
    : Subscriber(channel.audience(), WireFormat::kWebSocket, cursor),
      channel_(channel),
      decoder_(websocket::Role::kServer, max_message_bytes) {}

bool WebSocketSubscriber::on_bytes(std::string_view bytes) {
  const DecodeError error = decoder_.feed(bytes, *this);
  if (error != DecodeError::kNone && !ended()) {
    if (error == DecodeError::kMessageTooBig) ++channel_.metrics().refusals[kMaxBody];
    finish(websocket::close_frame_for(error, kMaxBody));
  }
  return true;
}

void WebSocketSubscriber::on_message(Opcode opcode, std::string_view payload) {
  if (ended()) return;
  if (opcode == Opcode::kText) {
    channel_.publish(payload, [](const auto&) {});
  } else {
    std::string close;
    websocket::encode_close(CloseCode::kUnsupportedData, "a message to the channel is a text frame",
                            close);
    finish(close);
  }
}

void WebSocketSubscriber::on_ping(std::string_view payload) {
  if (ended()) return;
  std::string pong;
  websocket::encode_frame(Opcode::kPong, payload, pong);
  push(pong);
}

void WebSocketSubscriber::on_close(std::uint16_t code, std::string_view) {
  finish(websocket::answer_to_close(code));
}

}  // namespace playground::server
