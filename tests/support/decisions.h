// Finds decisions by their reasons.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>

#include <catch2/catch_test_macros.hpp>

#include "core/client/decision.h"

namespace playground::client {

inline std::size_t times_decided(const std::deque<Decision>& decisions, Reason reason) {
  return static_cast<std::size_t>(
      std::count_if(decisions.begin(), decisions.end(),
                    [&](const Decision& each) { return each.reason == reason; }));
}

// The newest of that reason; there must be one.
inline const Decision& newest(const std::deque<Decision>& decisions, Reason reason) {
  const auto found = std::find_if(decisions.rbegin(), decisions.rend(),
                                  [&](const Decision& each) { return each.reason == reason; });
  INFO("nothing is decided because of " << info(reason).name);
  REQUIRE(found != decisions.rend());
  return *found;
}

}  // namespace playground::client
