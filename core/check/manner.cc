#include "core/check/manner.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace playground::check {
namespace {

// Delay that may be the line's, or a busy machine's.
Micros slack(Micros round_trip) { return std::max<Micros>(150'000, 4 * round_trip); }
// By which an arrival may seem to be before what it waited for: the clocks' error.
Micros early(Micros round_trip) { return std::max<Micros>(20'000, round_trip); }

// What of each write's delay is the line's: what all of them took. Where they differ by as much as
// that, something holds them, and the line owes what a round trip explains.
Micros owed(const Observation& writes, Micros round_trip) {
  Micros least = std::numeric_limits<Micros>::max();
  Micros most = std::numeric_limits<Micros>::min();
  for (const Arrival& each : writes.arrivals) {
    least = std::min(least, each.at - each.sent);
    most = std::max(most, each.at - each.sent);
  }
  return most - least < least ? least : std::min(least, early(round_trip));
}

}  // namespace

Passage passage(const Observation& writes, Micros round_trip) {
  const auto& all = writes.arrivals;
  if (all.size() != std::size(kWriteMoments)) return {};
  Passage found{Manner::kAsWritten, 0};
  const Micros line = owed(writes, round_trip);
  for (const Arrival& each : all) found.held = std::max(found.held, each.at - each.sent - line);
  if (found.held <= slack(round_trip)) return found;
  if (all.front().at >= all.back().sent - early(round_trip)) return {Manner::kUntilEnd, found.held};
  found.manner = Manner::kOneBehind;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const Micros after_next = all[i].at - all[i + 1].sent;
    if (after_next < -early(round_trip) || after_next > slack(round_trip)) {
      found.manner = Manner::kForATime;
    }
  }
  return found;
}

Micros held_twice(const Observation& first, const Observation& second, Micros round_trip) {
  const Micros lines[] = {owed(first, round_trip), owed(second, round_trip)};
  Micros held = 0;
  for (std::size_t i = 0; i < first.arrivals.size() && i < second.arrivals.size(); ++i) {
    const Arrival& one = first.arrivals[i];
    const Arrival& other = second.arrivals[i];
    held = std::max(held, std::min(one.at - one.sent - lines[0], other.at - other.sent - lines[1]));
  }
  return held;
}

std::size_t held_bytes(const Observation& ramp, Micros round_trip) {
  const auto& all = ramp.arrivals;
  if (all.empty()) return 0;
  const Micros first = all.front().at;
  if (first - all.front().sent <= slack(round_trip)) return 0;
  std::size_t bytes = 0;
  for (const Arrival& each : all) {
    if (each.sent <= first) bytes += each.bytes;
  }
  return bytes;
}

}  // namespace playground::check
