#include "core/measure/clock_offset.h"

namespace playground::measure {

void ClockOffset::record(std::int64_t asked_us, std::int64_t server_us, std::int64_t answered_us) {
  if (answered_us < asked_us) return;
  const std::int64_t error = (answered_us - asked_us + 1) / 2;
  const std::int64_t aged = error_us_ + (answered_us - best_at_us_) * kDriftPerMillion / 1'000'000;
  ++samples_;
  if (samples_ > 1 && error > aged) return;
  offset_us_ = server_us - (asked_us + (answered_us - asked_us) / 2);
  error_us_ = error;
  best_at_us_ = answered_us;
}

}  // namespace playground::measure
