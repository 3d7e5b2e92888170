// How long to wait before the next attempt: capped exponential, with full jitter, so that clients
// that were cut off together do not come back together.
#ifndef PLAYGROUND_CORE_CLIENT_BACK_OFF_H_
#define PLAYGROUND_CORE_CLIENT_BACK_OFF_H_

#include <algorithm>

#include "core/client/host.h"
#include "core/random.h"

namespace playground::client {

class BackOff {
 public:
  static constexpr Micros kFirst = 500 * kMillisecond;
  static constexpr Micros kCap = 10 * kSecond;

  explicit BackOff(std::uint64_t seed) : random_(seed) {}

  // Anything from nothing up to the bound, which doubles with each call until succeeded().
  Micros next() {
    const Micros bound = bound_;
    bound_ = std::min(kCap, bound_ * 2);
    return static_cast<Micros>(random_.unit() * static_cast<double>(bound));
  }

  void succeeded() { bound_ = kFirst; }

 private:
  Random random_;
  Micros bound_ = kFirst;
};

}  // namespace playground::client

#endif  // PLAYGROUND_CORE_CLIENT_BACK_OFF_H_
