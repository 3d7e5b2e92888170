#include "core/client/environments.h"

#include <array>

namespace playground::client {

constexpr std::array kNoEventSource{Feature::kEventSource};
constexpr std::array kNoStreams{Feature::kEventSource, Feature::kFetch};

// Buffers what is a stream; an answer that ends passes.
constexpr std::string_view kBuffering =
    R"([{"kind":"buffer","transport":"sse"},{"kind":"buffer","transport":"stream"}])";
constexpr std::string_view kOneBehind =
    R"([{"kind":"one-behind","transport":"sse"},{"kind":"one-behind","transport":"stream"}])";
constexpr std::string_view kNoUpgrade = R"([{"kind":"upgrade-refused","status":400}])";
constexpr std::string_view kIdleLimit = R"([{"kind":"idle-cut","seconds":30}])";

constexpr std::array<EnvironmentInfo, kEnvironmentCount> kEnvironments{{
    {.id = "modern"},
    {.id = "edgehtml", .without = kNoEventSource},
    {.id = "ie11", .without = kNoStreams},
    {.id = "mini-program", .without = kNoStreams},
    {.id = "react-native", .without = kNoStreams},
    {.id = "service-worker", .without = kNoEventSource},
    {.id = "six-connections", .other_tabs = 6},
    {.id = "buffering-proxy", .faults = kBuffering},
    {.id = "no-upgrade", .faults = kNoUpgrade},
    {.id = "one-behind", .faults = kOneBehind},
    {.id = "idle-limits", .faults = kIdleLimit},
    {.id = "hidden-tab", .hidden = true},
}};

std::span<const EnvironmentInfo> environments() { return kEnvironments; }

const EnvironmentInfo* find_environment(std::string_view id) {
  for (const EnvironmentInfo& each : kEnvironments) {
    if (each.id == id) return &each;
  }
  return nullptr;
}

}  // namespace playground::client
