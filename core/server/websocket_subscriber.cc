#include "core/server/websocket_subscriber.h"

#include <string>

#include "core/server/api_text.h"
#include "core/websocket/frame.h"

namespace playground::server {

using websocket::CloseCode;
using websocket::DecodeError;
using websocket::Opcode;

constexpr std::string_view kMaxBody = "--max-body";
constexpr std::string_view kMaxRequests = "--max-requests-per-second";

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
  if (opcode != Opcode::kText) {
    return close(CloseCode::kUnsupportedData, "a message to the channel is a text frame");
  }
  if (!admit_message()) {
    ++channel_.metrics().refusals[kMaxRequests];
    return close(CloseCode::kPolicyViolation,
                 limit_sentence("the address sends too many messages a second", kMaxRequests));
  }
  channel_.publish(payload, [this, open = std::weak_ptr(publishing_)](const auto& seq) {
    if (!seq && !open.expired()) close(CloseCode::kTryAgainLater, to_text(seq.error()));
  });
}

void WebSocketSubscriber::close(CloseCode code, std::string_view reason) {
  std::string frame;
  websocket::encode_close(code, reason, frame);
  finish(frame);
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
