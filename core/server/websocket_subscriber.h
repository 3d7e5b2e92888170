// A subscriber over a WebSocket: what it sends is published, and the rules of RFC 6455 are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/server/channel.h"
#include "core/server/subscriber.h"
#include "core/websocket/decoder.h"

namespace playground::server {

class WebSocketSubscriber final : public Subscriber, private websocket::DecoderEvents {
 public:
  // The channel outlives the subscriber or ends it.
  WebSocketSubscriber(Channel& channel, std::uint64_t cursor, std::size_t max_message_bytes);

  bool on_bytes(std::string_view bytes) override;

 private:
  void on_message(websocket::Opcode opcode, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_close(std::uint16_t code, std::string_view reason) override;
  void close(websocket::CloseCode code, std::string_view reason);

  Channel& channel_;  // not used once this has ended
  websocket::Decoder decoder_;
  std::shared_ptr<char> publishing_ = std::make_shared<char>();  // the log's answers look at this
};

}  // namespace playground::server
