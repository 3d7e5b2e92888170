// How a stream's writes came through.
#pragma once

#include <cstdint>

#include "core/check/observation.h"

namespace playground::check {

enum class Manner : std::uint8_t {
  kUnknown,  // not all of it came
  kAsWritten,
  kUntilEnd,   // nothing before the last write, or the end
  kOneBehind,  // each when the next one was written
  kForATime,   // some of it was held; `held` says for how long at most
};

struct Passage {
  Manner manner = Manner::kUnknown;
  Micros held = 0;  // the longest delay
};

// Of kWrites. `round_trip` is what delay is owed to the line.
Passage passage(const Observation& writes, Micros round_trip);

// How long each of the same writes was held in both of two tries, at most: what is chance does not
// come twice. Both are whole.
Micros held_twice(const Observation& first, const Observation& second, Micros round_trip);

// Of kRamp: how many bytes had been written when the first of them came; 0 where they came as they
// were written.
std::size_t held_bytes(const Observation& ramp, Micros round_trip);

}  // namespace playground::check
