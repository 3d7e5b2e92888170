// The line between a browser and the server: how long bytes take, how many fit, and what the ends
// notice of TCP's ways of repairing a lossy line.
//
// Not played: slow start and whatever else congestion control does to a long transfer.
#pragma once

#include <array>
#include <cstddef>

#include "core/random.h"
#include "core/simulation/virtual_time.h"

namespace playground::simulation {

struct LinkSettings {
  Micros round_trip = 20'000;   // there and back
  Micros jitter = 0;            // at most this much later, each way; in order
  double up_bytes_per_s = 0;    // 0: no limit; shared by all connections
  double down_bytes_per_s = 0;  // likewise
  double loss = 0;              // of segments, 0 up to 1
  bool tls = false;             // a connection takes TLS 1.3's round trip longer (RFC 8446 2)
};

enum class Direction : std::uint8_t { kUp, kDown };

class Link {
 public:
  // The payload of a segment on Ethernet with timestamps (1500 - 20 - 32), and what its headers
  // add.
  static constexpr std::size_t kSegmentBytes = 1448;
  static constexpr std::size_t kSegmentOverhead = 52;
  // RFC 6298 2.1: the first timeout of a connection attempt; Linux's smallest one after that (its
  // TCP_RTO_MIN), which is added to the measured round trip; 2.5: the longest.
  static constexpr Micros kFirstTimeout = 1'000'000;
  static constexpr Micros kLeastTimeout = 200'000;
  static constexpr Micros kLongestTimeout = 120'000'000;
  // RFC 5681 3.2: this many segments after a lost one bring it back without a timeout.
  static constexpr std::size_t kDuplicateAcks = 3;

  Link(const LinkSettings& settings, std::uint64_t seed) : settings_(settings), random_(seed) {}

  const LinkSettings& settings() const { return settings_; }
  // What is on its way is not touched by the change.
  void set(const LinkSettings& settings) { settings_ = settings; }

  // While the line is down nothing arrives, and nobody is told.
  bool up() const { return up_; }
  void set_up(bool up) { up_ = up; }

  // When a segment of `bytes` that is sent now arrives; `behind` more follow it at once.
  Micros arrival(Direction direction, std::size_t bytes, std::size_t behind, Micros now);

  // When a connection begun now may be used.
  Micros connected(Micros now);

  // Whether segments are sent one by one: without limit and loss there is no difference.
  bool segmented(Direction direction) const { return settings_.loss > 0 || pace(direction) > 0; }

  // The next moment after `now` at which what should have arrived at `due` is sent again and
  // arrives: timeouts double (RFC 6298 5.5). `timeout` is the first of them.
  static Micros retransmission(Micros due, Micros timeout, Micros now);
  Micros timeout() const { return settings_.round_trip + settings_.jitter + kLeastTimeout; }

 private:
  double pace(Direction direction) const {
    return direction == Direction::kUp ? settings_.up_bytes_per_s : settings_.down_bytes_per_s;
  }
  // One way: half the round trip, and jitter.
  Micros one_way();
  Micros loss_delay(std::size_t behind, Micros first_timeout);

  LinkSettings settings_;
  Random random_;
  bool up_ = true;
  std::array<Micros, 2> free_at_{};  // when the line has room for the next segment
};

}  // namespace playground::simulation
