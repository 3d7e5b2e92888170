// Dates of HTTP fields (RFC 9110 5.6.7), in microseconds since the Unix epoch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace playground {

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::int64_t us);

// Reads that form; the two obsolete ones are nothing, like everything else.
std::optional<std::int64_t> parse_http_date(std::string_view text);

}  // namespace playground
