// What the API (docs/api.md) reads and writes.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "core/json_text.h"
#include "core/server/exchange.h"

namespace playground::server {

// `{"error":"…"}`: every 4xx and 5xx of the API has this body.
std::string error_body(std::string_view sentence);

// Makes the reply a refusal: `sentence` names the field, header or path at fault.
void refuse(Reply& reply, int status, std::string_view sentence);
// The same, as the result of a check: false.
inline bool refused(Reply& reply, int status, std::string_view sentence) {
  refuse(reply, status, sentence);
  return false;
}

// The sentence of a refusal by a limit: with the option that sets it.
std::string limit_sentence(std::string sentence, std::string_view limit);

// `{"member":1}`
template <typename Number>
std::string json_number(std::string_view member, Number value) {
  std::string out;
  JsonObject(out).add(member, value);
  return out;
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

// Of "first rest": takes off the first word, and the space behind it.
std::string_view take_word(std::string_view& text);

// A decimal number of 0 or more, perhaps with a fraction ("2", "0.05"), without exponent. C++
// libraries differ in whether they read one without a locale.
std::optional<double> parse_decimal(std::string_view text);

}  // namespace playground::server
