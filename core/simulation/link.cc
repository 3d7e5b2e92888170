#include "core/simulation/link.h"

#include <algorithm>
#include <cmath>

namespace playground::simulation {

Micros Link::arrival(Direction direction, std::size_t bytes, std::size_t behind, Micros now) {
  Micros sent = now;
  if (pace(direction) > 0) {
    Micros& free_at = free_at_[static_cast<std::size_t>(direction)];
    const double size = static_cast<double>(bytes + kSegmentOverhead);
    free_at = std::max(free_at, now) + std::llround(size / pace(direction) * 1e6);
    sent = free_at;
  }
  return sent + one_way() + loss_delay(behind, timeout());
}

Micros Link::connected(Micros now) {
  Micros at = now + one_way() + one_way() + loss_delay(0, kFirstTimeout);
  if (settings_.tls) at += one_way() + one_way() + loss_delay(0, timeout());
  return at;
}

Micros Link::retransmission(Micros due, Micros timeout, Micros now) {
  while (due <= now) {
    due += timeout;
    timeout = std::min(timeout * 2, kLongestTimeout);
  }
  return due;
}

Micros Link::one_way() {
  Micros way = settings_.round_trip / 2;
  if (settings_.jitter > 0) {
    way += static_cast<Micros>(random_.unit() * static_cast<double>(settings_.jitter));
  }
  return way;
}

// A lost segment is sent again one round trip later if enough after it was acknowledged, else after
// a timeout, and so on until it is not lost.
Micros Link::loss_delay(std::size_t behind, Micros first_timeout) {
  if (settings_.loss <= 0) return 0;
  Micros delay = 0;
  Micros timeout = first_timeout;
  constexpr Micros kGivenUp = 900'000'000;
  for (int sends = 1; random_.unit() < settings_.loss && delay < kGivenUp; ++sends) {
    if (sends == 1 && behind >= kDuplicateAcks) {
      delay += settings_.round_trip;
    } else {
      delay += timeout;
      timeout = std::min(timeout * 2, kLongestTimeout);
    }
  }
  return delay;
}

}  // namespace playground::simulation
