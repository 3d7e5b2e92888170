#include "core/http_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "core/json_text.h"

namespace playground {
namespace {

using std::chrono::floor;
using Microseconds = std::chrono::sys_time<std::chrono::microseconds>;

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_two_digits(unsigned number, std::string& out) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

}  // namespace

std::string http_date(std::int64_t us) {
  const Microseconds time{std::chrono::microseconds(us)};
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto second = static_cast<unsigned>(floor<std::chrono::seconds>(time - day).count());
  std::string out;
  out.reserve(32);
  out.append(kDays[std::chrono::weekday(day).c_encoding()]).append(", ");
  append_two_digits(static_cast<unsigned>(date.day()), out);
  out.append(" ").append(kMonths[static_cast<unsigned>(date.month()) - 1]).append(" ");
  append_number(static_cast<int>(date.year()), out);
  out += ' ';
  append_two_digits(second / 3600, out);
  out += ':';
  append_two_digits(second / 60 % 60, out);
  out += ':';
  append_two_digits(second % 60, out);
  return out += " GMT";
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  constexpr std::string_view kExample = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != kExample.size()) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const std::chrono::year_month_day date(
      std::chrono::year(number(12, 4)),
      std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
      std::chrono::day(static_cast<unsigned>(number(5, 2))));
  if (!date.ok()) return std::nullopt;
  const Microseconds time = std::chrono::sys_days(date) + std::chrono::hours(number(17, 2)) +
                            std::chrono::minutes(number(20, 2)) +
                            std::chrono::seconds(number(23, 2));
  const std::int64_t us = time.time_since_epoch().count();
  // Whatever is not as it would be written is no date: a figure out of range, a wrong weekday.
  if (http_date(us) != text) return std::nullopt;
  return us;
}

}  // namespace playground
