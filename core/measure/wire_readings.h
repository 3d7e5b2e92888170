// What a lane cost on the wire, as the server counted it at the socket.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/transport.h"

namespace playground::measure {

struct WireCount {
  std::uint64_t bytes_in = 0;   // from the reader to the server
  std::uint64_t bytes_out = 0;  // from the server to the reader
  std::uint64_t requests = 0;
  std::uint64_t connections = 0;
  // Of requests, those that reached the paths a lane is followed on; of those to the WebSocket's,
  // how many came without an Upgrade, and how many were answered 101.
  std::array<std::uint64_t, kServedCount> arrived{};
  std::uint64_t not_upgraded = 0;
  std::uint64_t upgraded = 0;

  WireCount& operator+=(const WireCount& other) {
    bytes_in += other.bytes_in;
    bytes_out += other.bytes_out;
    requests += other.requests;
    connections += other.connections;
    for (std::size_t i = 0; i < arrived.size(); ++i) arrived[i] += other.arrived[i];
    not_upgraded += other.not_upgraded;
    upgraded += other.upgraded;
    return *this;
  }
};

class WireReadings {
 public:
  // A reading of the current channel's counters, and how many messages the lane had by then.
  void read(const WireCount& count, std::uint64_t messages) {
    current_ = count;
    messages_ = messages;
    known_ = true;
  }

  // A reading that found the counters unchanged.
  void read_again(std::uint64_t messages) {
    if (known_) messages_ = messages;
  }

  // The counters begin again at 0 (a new channel); the totals go on.
  void begin_epoch() {
    past_ += current_;
    current_ = {};
  }

  bool known() const { return known_; }
  WireCount total() const {
    WireCount total = past_;
    total += current_;
    return total;
  }
  // Both ways, at the last reading; none without a message.
  std::optional<double> bytes_per_message() const {
    if (messages_ == 0) return std::nullopt;
    const WireCount sum = total();
    return static_cast<double>(sum.bytes_in + sum.bytes_out) / static_cast<double>(messages_);
  }

 private:
  WireCount past_;
  WireCount current_;
  std::uint64_t messages_ = 0;
  bool known_ = false;
};

}  // namespace playground::measure
