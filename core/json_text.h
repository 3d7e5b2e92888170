// JSON (RFC 8259) as it is written: appended to a text. json.h reads it.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace playground {

template <std::integral Number>
void append_number(Number number, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

// With as few digits behind the point as it takes to read the same number back; null where it is
// not finite. From 2^64 on, and closer to 0 than 2^-70, the last digits may be off.
void append_number(double number, std::string& out);

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

  // A member's name: append its value to what this returns.
  std::string& value(std::string_view name);
  JsonObject& add(std::string_view name, std::string_view text);
  JsonObject& add(std::string_view name, const char* text) {
    return add(name, std::string_view(text));
  }
  JsonObject& add(std::string_view name, bool truth);
  JsonObject& add(std::string_view name, double number);
  JsonObject& add(std::string_view name, std::nullptr_t);
  template <std::integral Number>
  JsonObject& add(std::string_view name, Number number) {
    append_number(number, value(name));
    return *this;
  }
  // Null where there is none.
  template <typename T>
  JsonObject& add(std::string_view name, const std::optional<T>& value) {
    return value ? add(name, *value) : add(name, nullptr);
  }

 private:
  std::string& out_;
};

// An array (RFC 8259 5), likewise.
class JsonArray {
 public:
  explicit JsonArray(std::string& out) : out_(out) { out_ += '['; }
  ~JsonArray() { out_ += ']'; }
  JsonArray(const JsonArray&) = delete;
  JsonArray& operator=(const JsonArray&) = delete;

  // Append the next element to what this returns.
  std::string& next();

 private:
  std::string& out_;
};

}  // namespace playground
