// A run as JSON: `Snapshot` in web/src/contract/core-module.ts.
#pragma once

#include <string>

#include "core/client/run.h"

namespace playground::client {

std::string snapshot_json(const Run& run, Micros now);
// Before the first run.
std::string idle_snapshot_json();

}  // namespace playground::client
