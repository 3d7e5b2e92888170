// What the API (docs/api.md) reads and writes, whoever serves it: the native server, or the origin
// of the simulation.
#ifndef PLAYGROUND_CORE_SERVER_API_TEXT_H_
#define PLAYGROUND_CORE_SERVER_API_TEXT_H_

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "core/json_text.h"
#include "core/transport.h"

namespace playground::server {

inline constexpr std::string_view kChannels = "/api/channels/";

// Whether faults are played on a request for a path of a channel that ends so: those on which it is
// followed, and what a lane says.
inline bool meets_faults(std::string_view last_segment, std::string_view lane) {
  return (!last_segment.empty() && find_served(last_segment.substr(1)) != nullptr) ||
         (last_segment == "/messages" && !lane.empty());
}

// Whether a path that ends so asks about a lane, and is not one of its requests.
constexpr bool asks_for_wire(std::string_view last_segment) {
  return last_segment == "/wire" || last_segment == "/wire/log";
}

// How long a long poll may be held, in seconds.
inline constexpr double kLongestHoldSeconds = 60;
inline constexpr double kDefaultHoldSeconds = 20;

// `{"error":"…"}`
std::string error_body(std::string_view sentence);

// `{"member":1}`
template <typename Number>
std::string json_number(std::string_view member, Number value) {
  std::string out = "{\"";
  out.append(member).append("\":");
  append_number(value, out);
  return out += '}';
}

// The number that all of `text` is.
template <typename Number>
std::optional<Number> parse_whole(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_API_TEXT_H_
