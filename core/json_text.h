// JSON as text. Its parser and its writer are compiled in json_text.cc alone: they cost every
// source that instantiates them seconds.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace playground {

// The value `text` is; one that is_discarded() where it is not JSON.
nlohmann::json parse_json(std::string_view text);

// The shortest text of `json`. Bytes of its strings that are not UTF-8 become U+FFFD.
std::string json_text(const nlohmann::json& json);
std::string json_text(const nlohmann::ordered_json& json);

// JSON written by hand, where a value to be made into text would cost more than the text.
template <std::integral Number>
void append_number(Number number, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

// Appends `text` as a JSON string (RFC 8259 7), quotes included. Bytes that are not UTF-8 become
// U+FFFD.
void append_json_string(std::string_view text, std::string& out);

// A whole number of 0 or more that is a member of `object`; 0 where there is none.
std::uint64_t count_in(const nlohmann::json& object, const char* name);

}  // namespace playground
