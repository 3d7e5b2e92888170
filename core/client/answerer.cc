#include "core/client/answerer.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "core/field_text.h"
#include "core/http_date.h"

namespace playground::client {

constexpr Micros kLongestPause = 3600 * kSecond;

bool is_playground(std::string_view fields) {
  return !find_field(fields, kPlaygroundField).empty();
}

std::string answered_by(std::string_view fields) {
  std::string_view name = find_field(fields, "Server");
  if (name.empty()) {
    // "1.1 vegur", the nearest first.
    name = find_field(fields, "Via");
    name = trimmed(name.substr(0, name.find(',')));
    name = name.substr(name.find(' ') + 1);
  }
  return name.empty() ? "a gateway" : std::string(name);
}

bool server_is_away(int status, std::string_view fields) {
  return status >= 502 && status <= 504 && !is_playground(fields);
}

Micros retry_after(std::string_view fields, Micros now) {
  const std::string_view text = find_field(fields, "Retry-After");
  if (const auto date = parse_http_date(text)) {
    return std::clamp<Micros>(*date - now, 0, kLongestPause);
  }
  std::uint64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (text.empty() || stop != end || error == std::errc::invalid_argument) return 0;
  const auto most = static_cast<std::uint64_t>(kLongestPause / kSecond);
  if (error == std::errc::result_out_of_range) return kLongestPause;
  return static_cast<Micros>(std::min(seconds, most)) * kSecond;
}

}  // namespace playground::client
