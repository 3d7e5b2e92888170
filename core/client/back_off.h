// How long to wait before the next attempt: capped exponential, with jitter, so that clients that
// were cut off together do not come back together.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/client/host.h"
#include "core/random.h"

namespace playground::client {

class BackOff {
 public:
  // `certain` is the share of a wait that is not random: 0 is full jitter.
  struct Limits {
    Micros first;
    Micros cap;
    double certain;
  };
  static constexpr Limits kReconnection{500 * kMillisecond, 10 * kSecond, 0};

  explicit BackOff(std::uint64_t seed, const Limits& limits = kReconnection)
      : random_(seed), limits_(limits), bound_(limits.first) {}

  // Up to the bound, which doubles with each call until succeeded().
  Micros next() {
    const auto bound = static_cast<double>(bound_);
    bound_ = std::min(limits_.cap, bound_ * 2);
    const double share = limits_.certain + (1 - limits_.certain) * random_.unit();
    return static_cast<Micros>(share * bound);
  }

  void succeeded() { bound_ = limits_.first; }

 private:
  Random random_;
  Limits limits_;
  Micros bound_;
};

}  // namespace playground::client
