// Every bound of the server in one place, and those of a server that is open to strangers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/server/schedule.h"

namespace playground::server {

struct Limits {
  // A request.
  std::size_t head_bytes = 16 * 1024;
  std::size_t body_bytes = 256 * 1024;           // of a request, and of a message to a channel
  std::size_t message_bytes = 16 * 1024 * 1024;  // of a WebSocket message to be echoed
  std::uint32_t requests_per_s = 2000;           // per address; 0 means no limit

  // A connection.
  std::int64_t request_us = 10 * kSecondUs;      // from a request's first byte to its last
  std::int64_t idle_us = 60 * kSecondUs;         // between requests
  std::int64_t write_stall_us = 60 * kSecondUs;  // an ordinary answer nobody reads
  std::int64_t linger_us = 2 * kSecondUs;        // from our end to the peer's
  std::int64_t shutdown_us = kSecondUs;          // from a signal to the last forced end

  // The hub.
  bool named_channels = true;
  std::size_t channels = 1000;
  std::size_t channels_per_address = 100;
  double rate = 5000;  // messages/s of a scenario
  std::uint32_t payload_bytes = 65536;
  std::size_t lanes_per_channel = 64;
  std::size_t log_payload_bytes = 32 * 1024 * 1024;
  std::size_t batch_bytes = 1024 * 1024;
  std::int64_t channel_idle_us = 30 * kSecondUs;             // without a reader or a request
  std::int64_t channel_unasked_us = 180 * kSecondUs;         // with readers that name their lanes
  std::int64_t channel_lifetime_us = 24 * 3600 * kSecondUs;  // whatever is done with it
  std::uint32_t heartbeat_s = 15;

  // No more than the open-file limit allows (server.h).
  std::size_t connections = ~std::size_t{0};
  std::size_t readers = ~std::size_t{0};  // streams and held polls
  std::size_t readers_per_address = ~std::size_t{0};
  std::size_t probes = 500;  // of them, those of checks
  std::size_t probes_per_address = 100;
};

// What costs memory, time or bandwidth is less of all that anybody can ask for, and above all that
// one address can.
constexpr Limits strangers_limits() {
  Limits limits;
  limits.body_bytes = 64 * 1024;
  limits.message_bytes = 256 * 1024;
  limits.requests_per_s = 200;
  limits.named_channels = false;
  limits.channels = 500;
  limits.channels_per_address = 10;
  limits.rate = 100;
  limits.payload_bytes = 8192;
  limits.log_payload_bytes = 1024 * 1024;
  limits.channel_lifetime_us = 3600 * kSecondUs;
  limits.readers_per_address = 100;
  limits.probes = 200;
  return limits;
}

}  // namespace playground::server
