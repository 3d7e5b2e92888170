#include "core/json_text.h"

#include <algorithm>
#include <cmath>

#include "core/utf8.h"

namespace playground {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

void append_hex_escape(std::uint8_t byte, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u00";
  out += kDigits[byte >> 4];
  out += kDigits[byte & 0xf];
}

void append_escaped(char c, std::string& out) {
  constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const std::size_t at = kEscaped.find(c);
  if (at != kEscaped.npos) {
    out += '\\';
    out += kLetters[at];
  } else if (const auto byte = static_cast<std::uint8_t>(c); byte < 0x20) {
    append_hex_escape(byte, out);
  } else {
    out += c;
  }
}

__extension__ using Wide = unsigned __int128;

// The shortest digits behind the point that nothing but `number` is nearest to, digit by digit
// (Steele and White's FP3). `fraction` counts in units of 2^-shift, and so does `margin`, which is
// half of what lies between `number` and its neighbour.
void append_fraction(Wide fraction, Wide margin, int shift, std::string& out) {
  const Wide one = static_cast<Wide>(1) << shift;
  out += '.';
  while (true) {
    fraction *= 10;
    margin *= 10;
    const auto digit = static_cast<char>(fraction >> shift);
    fraction &= one - 1;
    const bool low = fraction < margin;
    const bool high = one - fraction < margin;
    // Where both digits would do, the nearer one.
    const bool up = high && (!low || fraction > one / 2);
    out += static_cast<char>('0' + digit + (up ? 1 : 0));
    if (low || high) return;
  }
}

// What comes before another member, or element.
void append_comma(std::string& out) {
  if (out.back() != '{' && out.back() != '[') out += ',';
}

}  // namespace

void append_number(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  if (number < 0) {
    out += '-';
    number = -number;
  }
  int exponent = 0;
  for (; number >= 0x1p64; number /= 10) ++exponent;
  for (; number != 0 && number < 0x1p-70; number *= 10) --exponent;
  const auto whole = static_cast<std::uint64_t>(number);
  append_number(whole, out);
  if (number != static_cast<double>(whole)) {
    int power = 0;
    const double significand = std::frexp(number, &power);
    const int shift = 53 - power;  // the last of its 53 bits is 2^-shift
    const Wide mask = (static_cast<Wide>(1) << shift) - 1;
    const Wide fraction = static_cast<std::uint64_t>(significand * 0x1p53) & mask;
    // In quarters of the last bit: below a power of two, the neighbour is half as far.
    append_fraction(fraction << 2, significand == 0.5 ? 1 : 2, shift + 2, out);
  }
  if (exponent != 0) {
    out += 'e';
    append_number(exponent, out);
  }
}

void append_json_string(std::string_view text, std::string& out) {
  constexpr auto is_plain = [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; };
  out += '"';
  Utf8Validator utf8;
  std::size_t begin = 0;  // of the character that is being read
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == begin) {
      while (i < text.size() && is_plain(text[i])) ++i;
      out += text.substr(begin, i - begin);
      begin = i;
      if (i == text.size()) break;
    }
    if (!utf8.feed(text.substr(i, 1))) {
      out += kReplacement;
      utf8.reset();
      if (i > begin) --i;  // it may begin the next one
      begin = i + 1;
    } else if (utf8.complete()) {
      if (i == begin) {
        append_escaped(text[i], out);
      } else {
        out += text.substr(begin, i + 1 - begin);
      }
      begin = i + 1;
    }
  }
  if (begin < text.size()) out += kReplacement;
  out += '"';
}

void append_byte_text(std::string_view bytes, std::string& out) {
  out += '"';
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x7f) {
      append_escaped(c, out);
    } else {
      append_hex_escape(byte, out);
    }
  }
  out += '"';
}

std::optional<std::string> bytes_of_text(std::string_view utf8) {
  std::string bytes;
  bytes.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto first = static_cast<std::uint8_t>(utf8[i]);
    if (first < 0x80) {
      bytes += utf8[i];
      continue;
    }
    // U+0080 to U+00FF take two bytes: 110000xx 10xxxxxx.
    if ((first & 0xfc) != 0xc0 || i + 1 == utf8.size()) return std::nullopt;
    const auto second = static_cast<std::uint8_t>(utf8[++i]);
    if ((second & 0xc0) != 0x80) return std::nullopt;
    bytes += static_cast<char>((first & 0x03) << 6 | (second & 0x3f));
  }
  return bytes;
}

std::string& JsonObject::value(std::string_view name) {
  append_comma(out_);
  append_json_string(name, out_);
  return out_ += ':';
}

JsonObject& JsonObject::add(std::string_view name, std::string_view text) {
  append_json_string(text, value(name));
  return *this;
}

JsonObject& JsonObject::add(std::string_view name, bool truth) {
  value(name) += truth ? "true" : "false";
  return *this;
}

JsonObject& JsonObject::add(std::string_view name, double number) {
  append_number(number, value(name));
  return *this;
}

JsonObject& JsonObject::add(std::string_view name, std::nullptr_t) {
  value(name) += "null";
  return *this;
}

std::string& JsonArray::next() {
  append_comma(out_);
  return out_;
}

}  // namespace playground
