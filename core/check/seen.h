// What the server says of a probe (docs/api.md, "Check").
#pragma once

#include <optional>
#include <string_view>

#include "core/check/observation.h"

namespace playground::check {

// Nothing where it is not such an answer.
std::optional<Seen> parse_seen(std::string_view body, Micros clock_offset);

}  // namespace playground::check
