// Environments as data: where a page may find itself. Each says what its browser lacks and what
// stands between it and the server. A live run masks the browser's features and asks the server for
// the faults; a simulated one has its browser and its line shaped as well. environment_words.h has
// what a page says about them.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/transport.h"

namespace playground::client {

inline constexpr std::size_t kEnvironmentCount = 12;

struct EnvironmentInfo {
  std::string_view id;
  std::span<const Feature> without = {};
  std::string_view faults = "[]";  // as in a scenario
  // So many more tabs each hold an event stream open, and the lanes share the server's own origin
  // with them. 0: every lane has an origin of its own where it can.
  unsigned other_tabs = 0;
  bool hidden = false;  // simulated: the page is in a tab that nobody looks at
};

std::span<const EnvironmentInfo> environments();
// Null where there is none of that id.
const EnvironmentInfo* find_environment(std::string_view id);

}  // namespace playground::client
