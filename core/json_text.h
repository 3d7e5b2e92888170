// JSON written by hand where a whole document object would cost more than the text, and read where
// what is wrong with it does not matter.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace playground {

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
