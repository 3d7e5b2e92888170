#include "core/server/websocket_subscriber.h"

#include <string>

#include "core/server/channel.h"
#include "core/websocket/frame.h"

namespace playground::server {

using websocket::CloseCode;
using websocket::DecodeError;
using websocket::Opcode;

WebSocketSubscriber::WebSocketSubscriber(Channel& channel, std::uint64_t cursor,
                                         std::size_t max_message_bytes)
    : Subscriber(channel, WireFormat::kWebSocket, cursor),
      decoder_(websocket::Role::kServer, max_message_bytes) {}

bool WebSocketSubscriber::on_bytes(std::string_view bytes) {
  const DecodeError error = decoder_.feed(bytes, *this);
  if (error != DecodeError::kNone) fail(websocket::close_code_for(error), to_text(error));
  return true;
}

void WebSocketSubscriber::on_message(Opcode opcode, std::string_view payload) {
  if (!channel()) return;
  if (opcode == Opcode::kText) {
    channel()->publish(payload);
  } else {
    fail(CloseCode::kUnsupportedData, "a message to the channel is a text frame");
  }
}

void WebSocketSubscriber::on_ping(std::string_view payload) {
  if (!channel()) return;
  std::string pong;
  websocket::encode_frame(Opcode::kPong, payload, pong);
  push(pong);
}

void WebSocketSubscriber::on_pong(std::string_view) {}

void WebSocketSubscriber::on_close(std::uint16_t code, std::string_view) {
  finish(websocket::answer_to_close(code));
}

void WebSocketSubscriber::fail(CloseCode code, std::string_view reason) {
  std::string close;
  websocket::encode_close(code, reason, close);
  finish(close);
}

}  // namespace playground::server
