// The heads of HTTP messages, line by line (RFC 9112 2 to 5).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/wire/span.h"

namespace playground::wire {

// How many bytes the head at the beginning of `text` takes, its blank line included; all of them
// where it has no end.
std::size_t head_size(std::string_view text);

// A field's value in a head, without the space around it; empty where there is none.
std::string_view field(std::string_view head, std::string_view name);

// A head, whole or not, of a request or of a response.
std::vector<Span> annotate_head(std::string_view head, bool request);

}  // namespace playground::wire
