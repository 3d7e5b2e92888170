// What is known of how long a transport may be silent.
#pragma once

#include <cstddef>
#include <optional>

#include "core/check/observation.h"

namespace playground::check {

// How often something is tried that may have failed by chance.
inline constexpr std::size_t kTries = 3;

// Whether two times are one, as far as machines and those who look at a clock now and then allow.
bool agree(Micros one, Micros other);

// From when a record came to the end. By what it came later than the line explains, the client's
// own machine was late.
Micros ended_after(const Observation& seen, const Arrival& record, Micros round_trip);

struct SilenceFound {
  Micros passes = 0;  // the longest that was survived; 0: none
  // After so long somebody ended it: seen twice. With a beat: as without one, or in every try.
  std::optional<Micros> cut;
  std::optional<Micros> dropped;      // after so long nothing came any more, and nobody ended it
  const Observation* once = nullptr;  // an end that was seen once only
  const Observation* by = nullptr;    // of the cut, or of the shortest that was dropped
};

// Of the probes of one kind over one transport, and of one beat.
SilenceFound silence_found(const Observations& observations, TransportId transport,
                           Beat beat = Beat::kNone);

}  // namespace playground::check
