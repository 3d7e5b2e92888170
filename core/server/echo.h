// A WebSocket that answers every message with the same opcode and payload: what a conformance suite
// is run against, and what measures a round trip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "core/server/metrics.h"
#include "core/server/session.h"
#include "core/websocket/decoder.h"

namespace playground::server {

class Echo;

// All that echo now.
using Echoes = std::set<Echo*>;

class Echo final : public Session, private websocket::DecoderEvents {
 public:
  // `all` and `metrics` outlive it. A message of more than `max_message_bytes` closes with 1009.
  Echo(Echoes& all, Metrics& metrics, std::size_t max_message_bytes);
  ~Echo() override;
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;

  void begin(Outlet& outlet, std::string head) override;
  bool on_bytes(std::string_view bytes) override;
  void end() override;

 private:
  void on_message(websocket::Opcode opcode, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_close(std::uint16_t code, std::string_view reason) override;

  void send(websocket::Opcode opcode, std::string_view payload);
  void finish(std::string_view last_bytes);

  Echoes& all_;
  Metrics& metrics_;
  Outlet* outlet_ = nullptr;  // null once it has said everything
  websocket::Decoder decoder_;
};

}  // namespace playground::server
