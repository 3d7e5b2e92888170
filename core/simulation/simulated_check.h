// A check of a path in a world of its own, played at a given pace: what stands in the way is a
// channel's faults.
#pragma once

#include <optional>

#include "core/check/check.h"
#include "core/check/settings.h"
#include "core/simulation/world.h"

namespace playground::simulation {

class SimulatedCheck {
 public:
  SimulatedCheck(check::CheckSettings settings, const check::SimulatedPath& path,
                 std::uint64_t seed);
  SimulatedCheck(const SimulatedCheck&) = delete;
  SimulatedCheck& operator=(const SimulatedCheck&) = delete;

  check::Check& check() { return *check_; }
  const check::Check& check() const { return *check_; }
  Micros now() const { return world_.now(); }
  // So much real time has passed.
  void pass(Micros real);

 private:
  const double speed_;
  World world_;
  std::optional<check::Check> check_;
};

}  // namespace playground::simulation
