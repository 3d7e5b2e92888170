#include "core/server/send_times.h"

#include <algorithm>
#include <cmath>

namespace playground::server {
namespace {

constexpr double kBurstEvery = 5;  // seconds, where the rate makes a burst of it

}  // namespace

SendTimes::SendTimes(const Scenario& scenario)
    : pattern_(scenario.pattern),
      rate_(scenario.rate),
      burst_(std::max<std::uint64_t>(2, static_cast<std::uint64_t>(rate_ * kBurstEvery))),
      random_(scenario.seed) {}

void SendTimes::advance() {
  ++index_;
  due_us_ = std::llround(seconds() * 1e6);
}

double SendTimes::seconds() {
  switch (pattern_) {
    case Pattern::kSteady:
      break;
    case Pattern::kBursty: {
      const auto bursts = static_cast<double>(index_ / burst_ * burst_) / rate_;
      return bursts + static_cast<double>(index_ % burst_) / (rate_ * kBurstEvery);
    }
    case Pattern::kPoisson:
      // The time between two events of a Poisson process is exponentially distributed.
      return chance_s_ -= std::log1p(-random_.unit()) / rate_;
  }
  return static_cast<double>(index_) / rate_;
}

}  // namespace playground::server
