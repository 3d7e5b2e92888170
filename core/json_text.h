// Writing JSON by hand where a whole document object would cost more than the text.
#ifndef PLAYGROUND_CORE_JSON_TEXT_H_
#define PLAYGROUND_CORE_JSON_TEXT_H_

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

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

}  // namespace playground

#endif  // PLAYGROUND_CORE_JSON_TEXT_H_
