// JSON as text. Its parser and its writer are compiled only in json_text.cc: they cost seconds in
// every source that instantiates them.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace playground {

// The value of `text`; one that is_discarded() where it is not JSON.
nlohmann::json parse_json(std::string_view text);

// The shortest text of `json`. Bytes in its strings that are not UTF-8 become U+FFFD.
std::string json_text(const nlohmann::json& json);
std::string json_text(const nlohmann::ordered_json& json);

// JSON written by hand, where building a value first would cost more than the text.
template <std::integral Number>
void append_number(Number number, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

// Appends `text` as a JSON string (RFC 8259 7), quotes included. Bytes that are not UTF-8 become
// U+FFFD.
void append_json_string(std::string_view text, std::string& out);

// The same for any bytes: each is one character, U+0000 to U+00FF, in ASCII, so that text stays
// legible and anything else survives.
void append_byte_text(std::string_view bytes, std::string& out);
// The bytes of such a string's value, given as UTF-8; nothing where a character is not a byte.
std::optional<std::string> bytes_of_text(std::string_view utf8);

// An object (RFC 8259 4) at the end of `out`, member by member; the destructor ends it.
class JsonObject {
 public:
  // `out` must outlive it, and nobody else may write to it except as value() says.
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
  ~JsonObject() { out_ += '}'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;

  // A member's name: append its value to what this returns. The name is plain ASCII.
  std::string& value(std::string_view name) {
    out_ += out_.back() == '{' ? "\"" : ",\"";
    out_.append(name).append("\":");
    return out_;
  }
  template <std::integral Number>
  JsonObject& add(std::string_view name, Number number) {
    append_number(number, value(name));
    return *this;
  }
  JsonObject& add(std::string_view name, std::string_view text) {
    append_json_string(text, value(name));
    return *this;
  }

 private:
  std::string& out_;
};

// A member of `object`, whatever that is: null, or nothing, where it has none of that name and
// type.
const nlohmann::json* member_in(const nlohmann::json& object, const char* name);
const nlohmann::json* array_in(const nlohmann::json& object, const char* name);
const std::string* text_in(const nlohmann::json& object, const char* name);
// A whole number of 0 or more.
std::optional<std::uint64_t> count_in(const nlohmann::json& object, const char* name);

}  // namespace playground
