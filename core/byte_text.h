// Bytes as JSON text: each is one character, U+0000 to U+00FF, so that text stays legible and
// anything else survives.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace playground {

// Appends a JSON string (RFC 8259 7) in ASCII, quotes included.
void append_byte_text(std::string_view bytes, std::string& out);

// The bytes of such a string's value, given as UTF-8; nothing where a character is no byte.
std::optional<std::string> bytes_of_text(std::string_view utf8);

}  // namespace playground
