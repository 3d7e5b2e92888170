// A run as JSON: `Snapshot` in web/src/contract/core-module.ts.
#pragma once

#include <span>
#include <string>

#include "core/client/run.h"

namespace playground::client {

// `servers`: of a simulated run with two of them, whether each runs.
std::string snapshot_json(const Run& run, Micros now, std::span<const bool> servers = {});
// Before the first run.
std::string idle_snapshot_json();

}  // namespace playground::client
