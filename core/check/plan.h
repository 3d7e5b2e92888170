// Which probes a check makes, and in which order.
#pragma once

#include <vector>

#include "core/check/observation.h"

namespace playground::check {

struct CheckSettings {
  // "https://example.org/playground", without a slash at the end.
  std::string server = {};
  // Leaves out what takes long and a verdict does not need: figures, the largest messages.
  bool quick = false;
  // The longest silence to wait for; 0: none.
  Micros longest_silence = 65 * client::kSecond;
  // A channel whose faults are on the probes' path (docs/api.md, "Check"); empty: none.
  std::string channel = {};
};

inline constexpr Micros kMostSilence = 300 * client::kSecond;

// Those that the host lacks a feature for are left out.
std::vector<Probe> plan(const CheckSettings& settings, const Path& path, const client::Host& host);

// What the observations so far give reason to ask besides.
std::vector<Probe> refine(const CheckSettings& settings, const Observations& observations);

// How long a probe takes, at most.
Micros expected(const Probe& probe);

}  // namespace playground::check
