// The server's clock against ours, by NTP's method (RFC 5905 8): of many exchanges the one with the
// shortest round trip is believed, and half its round trip bounds the error.
#pragma once

#include <cstdint>

namespace playground::measure {

class ClockOffset {
 public:
  // All in microseconds: when we asked and got the answer, by our clock, and what the server's
  // clock said in between. An exchange that runs backwards is ignored.
  void record(std::int64_t asked_us, std::int64_t server_us, std::int64_t answered_us) {
    if (answered_us < asked_us) return;
    const std::int64_t error = (answered_us - asked_us + 1) / 2;
    const std::int64_t aged =
        error_us_ + (answered_us - best_at_us_) * kDriftPerMillion / 1'000'000;
    ++samples_;
    if (samples_ > 1 && error > aged) return;
    offset_us_ = server_us - (asked_us + (answered_us - asked_us) / 2);
    error_us_ = error;
    best_at_us_ = answered_us;
  }

  bool known() const { return samples_ > 0; }
  // Server clock minus ours, and how far off that may be.
  std::int64_t offset_us() const { return offset_us_; }
  std::int64_t error_us() const { return error_us_; }
  std::int64_t round_trip_us() const { return 2 * error_us_; }
  std::uint32_t samples() const { return samples_; }

 private:
  // How fast two clocks may drift apart, so that an old exchange loses its weight: 50 in a million.
  static constexpr std::int64_t kDriftPerMillion = 50;

  std::int64_t offset_us_ = 0;
  std::int64_t error_us_ = 0;
  std::int64_t best_at_us_ = 0;
  std::uint32_t samples_ = 0;
};

}  // namespace playground::measure
