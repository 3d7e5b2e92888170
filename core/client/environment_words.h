// What a page says about the environments. The core itself has no use for it, and the browser's
// copy of the core is without it: wasm/tables.cc writes it into a file that a page fetches.
#pragma once

#include <string_view>

#include "core/client/environments.h"

namespace playground::client {

struct EnvironmentWords {
  std::string_view title;
  std::string_view summary;              // what it is, in one sentence
  std::string_view source;               // the facts it models, and where they come from
  std::string_view simulated_only = {};  // what a live run cannot show of it: one sentence
};

// Precondition: one of environments().
const EnvironmentWords& words_of(const EnvironmentInfo& environment);

}  // namespace playground::client
