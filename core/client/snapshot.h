// A run as JSON: `Snapshot` in web/src/contract/core-module.ts.
#ifndef PLAYGROUND_CORE_CLIENT_SNAPSHOT_H_
#define PLAYGROUND_CORE_CLIENT_SNAPSHOT_H_

#include <string>

#include "core/client/run.h"

namespace playground::client {

std::string snapshot_json(const Run& run, Micros now);
// Before the first run.
std::string idle_snapshot_json();

// JSON of `EnvironmentInfo[]`.
std::string environments_json();

}  // namespace playground::client

#endif  // PLAYGROUND_CORE_CLIENT_SNAPSHOT_H_
