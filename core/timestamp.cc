#include "core/timestamp.h"

#include <chrono>
#include <cmath>
#include <string_view>

namespace playground {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

// Reads the characters of a text one after another; a fault stays.
class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}

  int digits(int count) {
    int number = 0;
    for (int i = 0; i < count; ++i) {
      const char c = next();
      good_ = good_ && c >= '0' && c <= '9';
      number = 10 * number + (c - '0');
    }
    return number;
  }
  char one_of(std::string_view known) {
    const char c = next();
    good_ = good_ && known.find(c) != known.npos;
    return c;
  }
  // Of a second; what is below a microsecond is left out.
  std::int64_t fraction() {
    if (left_.empty() || left_[0] != '.') return 0;
    left_.remove_prefix(1);
    std::int64_t micros = 0;
    std::int64_t worth = kSecond;
    if (!digits_left()) fail();
    while (digits_left()) {
      worth /= 10;
      micros += worth * (next() - '0');
    }
    return micros;
  }
  bool good_to_the_end() const { return good_ && left_.empty(); }

 private:
  bool digits_left() const { return !left_.empty() && left_[0] >= '0' && left_[0] <= '9'; }
  void fail() { good_ = false; }
  char next() {
    if (left_.empty()) {
      fail();
      return '\0';
    }
    const char c = left_[0];
    left_.remove_prefix(1);
    return c;
  }

  std::string_view left_;
  bool good_ = true;
};

std::optional<std::int64_t> from_text(std::string_view text) {
  Reader read(text);
  const int year = read.digits(4);
  read.one_of("-");
  const int month = read.digits(2);
  read.one_of("-");
  const int day = read.digits(2);
  read.one_of("Tt ");
  const int hour = read.digits(2);
  read.one_of(":");
  const int minute = read.digits(2);
  read.one_of(":");
  const int second = read.digits(2);
  const std::int64_t fraction = read.fraction();
  int east = 0;  // in minutes
  if (const char zone = read.one_of("Zz+-"); zone == '+' || zone == '-') {
    const int hours = read.digits(2);
    read.one_of(":");
    east = (60 * hours + read.digits(2)) * (zone == '+' ? 1 : -1);
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!read.good_to_the_end() || !date.ok() || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t minutes = (days * 24 + hour) * 60 + minute - east;
  return (minutes * 60 + second) * kSecond + fraction;
}

}  // namespace

std::optional<std::int64_t> unix_micros(const Json& value) {
  if (value.text() != nullptr) return from_text(*value.text());
  const auto number = value.number();
  if (!number || !(*number > 0 && *number < 1e20)) return std::nullopt;
  const double micros = *number < 1e11   ? *number * 1e6
                        : *number < 1e14 ? *number * 1e3
                        : *number < 1e17 ? *number
                                         : *number / 1e3;
  return static_cast<std::int64_t>(std::llround(micros));
}

}  // namespace playground
