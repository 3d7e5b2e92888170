// The transports of a lane, best first, and the memory of those that failed. The memory expires:
// after a while, longer with each failure, a transport may be tried again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/client/back_off.h"
#include "core/client/decision.h"
#include "core/transport.h"

namespace playground::client {

// The ladder of a lane that was asked for `asked`: the transport's own, or what comes after
// `asked` in an order of the reader's own. Where that order does not name it, all of the order
// comes after it.
std::vector<TransportId> ladder_for(TransportId asked,
                                    const std::optional<std::vector<TransportId>>& order);

class Ladder {
 public:
  // 5 to 10 s after the first failure; at most 5 minutes.
  static constexpr BackOff::Limits kMemory{10 * kSecond, 300 * kSecond, 0.5};

  static constexpr Micros kUpgradeRest = 120 * kSecond;

  // At least one transport.
  Ladder(const std::vector<TransportId>& transports, std::uint64_t seed);

  std::size_t size() const { return rungs_.size(); }
  TransportId operator[](std::size_t rung) const { return rungs_[rung].transport; }

  // Remembers a failure and its cause; returns for how long.
  Micros failed(std::size_t rung, Cause cause, Micros now);
  void blame(std::size_t rung, Cause cause) { rungs_[rung].cause = cause; }
  // It has worked for long enough: its next failure counts as the first.
  void proved(std::size_t rung) { rungs_[rung].back_off.succeeded(); }
  // Nothing has worked: every transport may be tried at once, except one that upgrades, if there
  // are others: a refused Upgrade can poison whatever its reader asks for next (proxies that ban,
  // load balancers that pin), so it rests for kUpgradeRest after its last failure.
  void begin_again();

  // When the memory of the last failure expires.
  Micros expires(std::size_t rung) const { return rungs_[rung].expires; }
  Cause cause(std::size_t rung) const { return rungs_[rung].cause; }

 private:
  struct Rung {
    TransportId transport;
    BackOff back_off;
    Micros failed_at;
    Micros expires;
    Cause cause;  // of the last one
  };
  std::vector<Rung> rungs_;
};

}  // namespace playground::client
