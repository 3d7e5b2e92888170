// A moment as other people's servers write it.
#pragma once

#include <cstdint>
#include <optional>

#include "core/json.h"

namespace playground {

// Microseconds since the Unix epoch: of a number of seconds, milliseconds, microseconds or
// nanoseconds since then, told apart by its size (moments from 1973 to 5138 are), or of a text as
// in RFC 3339 5.6. Nothing for anything else.
std::optional<std::int64_t> unix_micros(const Json& value);

}  // namespace playground
