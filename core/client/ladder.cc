#include "core/client/ladder.h"

#include <algorithm>
#include <limits>

namespace playground::client {

constexpr Micros kLongAgo = std::numeric_limits<Micros>::min();

std::vector<TransportId> ladder_for(TransportId asked,
                                    const std::optional<std::vector<TransportId>>& order) {
  if (!order) {
    const auto ladder = info(asked).ladder;
    return {ladder.begin(), ladder.end()};
  }
  std::vector<TransportId> ladder{asked};
  const auto found = std::find(order->begin(), order->end(), asked);
  ladder.insert(ladder.end(), found == order->end() ? order->begin() : found + 1, order->end());
  return ladder;
}

Ladder::Ladder(const std::vector<TransportId>& transports, std::uint64_t seed) {
  Random random(seed);
  rungs_.reserve(transports.size());
  for (const TransportId each : transports) {
    rungs_.push_back({each, BackOff(random.next(), kMemory), kLongAgo, kLongAgo, Cause::kNone});
  }
}

Micros Ladder::failed(std::size_t rung, Cause cause, Micros now) {
  Rung& failed = rungs_[rung];
  const Micros wait = failed.back_off.next();
  failed.failed_at = now;
  failed.expires = now + wait;
  failed.cause = cause;
  return wait;
}

void Ladder::begin_again() {
  for (Rung& each : rungs_) {
    const bool rests = info(each.transport).upgrades() && rungs_.size() > 1;
    each.expires = rests ? each.failed_at + kUpgradeRest : kLongAgo;
  }
}

}  // namespace playground::client
