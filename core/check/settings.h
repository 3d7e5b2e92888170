// What a check is started with, as a page says it: JSON of `CheckSettings` in
// web/src/contract/check-report.ts.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/check/plan.h"
#include "core/fault.h"
#include "core/result.h"

namespace playground::check {

// A check in the core's simulated world, where what stands in the way is known.
struct SimulatedPath {
  std::vector<Fault> faults = {};
  Micros round_trip = 40 * client::kMillisecond;
  double speed = 1;  // virtual time for real time
};

struct PageSettings {
  CheckSettings check = {};
  std::optional<SimulatedPath> simulated = {};
};

// Unknown members, wrong types and values out of range are errors that name the member.
Result<PageSettings> parse_check_settings(std::string_view json);

}  // namespace playground::check
