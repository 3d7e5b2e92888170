// What is known of how long a transport may be silent.
#pragma once

#include <optional>

#include "core/check/observation.h"

namespace playground::check {

struct SilenceFound {
  Micros passes = 0;                  // the longest that was survived; 0: none
  std::optional<Micros> cut;          // after so long somebody ended it: seen twice
  std::optional<Micros> dropped;      // after so long nothing came any more, and nobody ended it
  const Observation* once = nullptr;  // an end that was seen once only
  const Observation* by = nullptr;    // of the cut, or of the shortest that was dropped
};

// Of the probes of one kind over one transport, and of one beat.
SilenceFound silence_found(const Observations& observations, TransportId transport,
                           Beat beat = Beat::kNone);

}  // namespace playground::check
