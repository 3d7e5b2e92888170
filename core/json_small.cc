// JSON (RFC 8259) as the browser's copy of the core reads it, smaller than nlohmann/json: its own
// settings, and a playground server's answers.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "core/json_reader.h"
#include "core/utf8.h"

namespace playground {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int kMostDigits = 19;  // of any 64 bits

// `digits` times ten to the power of `exponent`. The nearest there is down to a power of -19;
// beyond that, and above 0, the last bit may be off.
double number_of(std::uint64_t digits, int exponent) {
  if (digits == 0 || exponent == 0) return static_cast<double>(digits);
  if (exponent < 0 && exponent >= -kMostDigits) {
    Wide divisor = 1;
    for (int i = exponent; i < 0; ++i) divisor *= 10;
    int power = 0;  // of two, that the result is to be divided by
    while (digits >> 63 == 0) {
      digits <<= 1;
      ++power;
    }
    const Wide dividend = static_cast<Wide>(digits) << 64;
    Wide quotient = dividend / divisor;
    bool rest = dividend % divisor != 0;
    for (power += 64; quotient >> 64 != 0; --power) {
      rest = rest || (quotient & 1) != 0;
      quotient >>= 1;
    }
    // Eleven bits are left to be rounded off; the last one stands for all that came after it.
    const auto rounded = static_cast<double>(static_cast<std::uint64_t>(quotient) | (rest ? 1 : 0));
    return std::ldexp(rounded, -power);
  }
  auto number = static_cast<double>(digits);
  for (; exponent > 0 && number <= std::numeric_limits<double>::max(); --exponent) number *= 10;
  for (; exponent < 0 && number > 0; ++exponent) number /= 10;
  return number;
}

class SmallReader {
 public:
  explicit SmallReader(std::string_view text) : left_(text) {
    take("\xef\xbb\xbf");
  }  // RFC 8259 8.1

  bool document() { return value() && (space(), left_.empty()); }
  Json read() { return reader_.read(); }

 private:
  char next() const { return left_.empty() ? '\0' : left_.front(); }
  bool take(char c) {
    if (next() != c) return false;
    left_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!left_.starts_with(word)) return false;
    left_.remove_prefix(word.size());
    return true;
  }
  void space() { left_.remove_prefix(std::min(left_.find_first_not_of(" \t\n\r"), left_.size())); }

  bool value() {
    space();
    if (take('{')) return object();
    if (take('[')) return array();
    if (take('"')) {
      std::string text;
      return string(text) && reader_.string(text);
    }
    if (take("true")) return reader_.boolean(true);
    if (take("false")) return reader_.boolean(false);
    if (take("null")) return reader_.null();
    return number();
  }

  bool object() {
    if (!reader_.start_object(0)) return false;
    space();
    if (take('}')) return reader_.end_object();
    do {
      space();
      std::string name;
      if (!take('"') || !string(name) || !reader_.key(name)) return false;
      space();
      if (!take(':') || !value()) return false;
      space();
    } while (take(','));
    return take('}') && reader_.end_object();
  }

  bool array() {
    if (!reader_.start_array(0)) return false;
    space();
    if (take(']')) return reader_.end_array();
    do {
      if (!value()) return false;
      space();
    } while (take(','));
    return take(']') && reader_.end_array();
  }

  // After its first quote.
  bool string(std::string& out) {
    while (!left_.empty()) {
      const char c = left_.front();
      left_.remove_prefix(1);
      if (c == '"') return true;
      if (static_cast<std::uint8_t>(c) < 0x20) return false;
      if (c != '\\') {
        out += c;
      } else if (!escape(out)) {
        return false;
      }
    }
    return false;
  }

  bool escape(std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (take('u')) return unicode(out);
    const std::size_t letter = left_.empty() ? kLetters.npos : kLetters.find(left_.front());
    if (letter == kLetters.npos) return false;
    left_.remove_prefix(1);
    out += kMeanings[letter];
    return true;
  }

  // Appends a character as UTF-8 (RFC 3629 3); beyond U+FFFF it is two halves of UTF-16.
  bool unicode(std::string& out) {
    std::uint32_t code = 0;
    if (!hex(code) || (code & 0xfc00) == 0xdc00) return false;
    if ((code & 0xfc00) == 0xd800) {
      std::uint32_t low = 0;
      if (!take("\\u") || !hex(low) || (low & 0xfc00) != 0xdc00) return false;
      code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
    }
    int shift = code < 0x80 ? 0 : code < 0x800 ? 6 : code < 0x10000 ? 12 : 18;
    constexpr std::uint32_t kFirst[] = {0, 0xc0, 0xe0, 0xf0};
    out += static_cast<char>(kFirst[shift / 6] | code >> shift);
    while (shift > 0) {
      shift -= 6;
      out += static_cast<char>(0x80 | (code >> shift & 0x3f));
    }
    return true;
  }

  bool hex(std::uint32_t& code) {
    const char* const end = left_.data() + std::min<std::size_t>(left_.size(), 4);
    const auto [stop, error] = std::from_chars(left_.data(), end, code, 16);
    if (error != std::errc() || stop != left_.data() + 4) return false;
    left_.remove_prefix(4);
    return true;
  }

  // One digit at least. Those that no longer fit are not kept, and `exponent` is one more for each.
  bool digits(std::uint64_t& number, int& exponent) {
    const std::size_t before = left_.size();
    for (; next() >= '0' && next() <= '9'; left_.remove_prefix(1)) {
      const auto digit = static_cast<std::uint64_t>(next() - '0');
      constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
      if (exponent == 0 && number <= (kMost - digit) / 10) {
        number = 10 * number + digit;
      } else {
        ++exponent;
      }
    }
    return left_.size() < before;
  }

  bool number() {
    const bool negative = take('-');
    std::uint64_t kept = 0;
    int dropped = 0;
    if (!take('0') && !digits(kept, dropped)) return false;
    if (next() != '.' && next() != 'e' && next() != 'E' && dropped == 0) {
      if (!negative) return reader_.number_unsigned(kept);
      constexpr std::uint64_t kLowest = std::uint64_t{1} << 63;
      if (kept <= kLowest) return reader_.number_integer(static_cast<std::int64_t>(0 - kept));
    }
    int exponent = dropped;
    if (take('.')) {
      const std::size_t before = left_.size();
      if (!digits(kept, dropped)) return false;
      exponent = dropped - static_cast<int>(before - left_.size());
    }
    if (take('e') || take('E')) {
      const bool less = take('-');
      if (!less) take('+');
      std::uint64_t power = 0;
      int more = 0;
      if (!digits(power, more)) return false;
      constexpr int kMost = 100'000;  // beyond every number, however many digits it begins with
      const int bounded = more > 0 || power > kMost ? kMost : static_cast<int>(power);
      exponent += less ? -bounded : bounded;
    }
    const double number = number_of(kept, exponent);
    if (number > std::numeric_limits<double>::max()) return false;
    return reader_.number_float(negative ? -number : number, {});
  }

  std::string_view left_;
  JsonReader reader_;
};

}  // namespace

Json parse_small_json(std::string_view text) {
  SmallReader reader(text);
  return is_utf8(text) && reader.document() ? reader.read() : Json();
}

#ifdef __EMSCRIPTEN__
Json parse_json(std::string_view text) { return parse_small_json(text); }
#endif

}  // namespace playground
