#include "core/http_date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace playground {
namespace {

using std::chrono::floor;
using Microseconds = std::chrono::sys_time<std::chrono::microseconds>;

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// As it is always written.
constexpr std::string_view kExample = "Sun, 06 Nov 1994 08:49:37 GMT";

}  // namespace

std::string http_date(std::int64_t us) {
  const Microseconds time{std::chrono::microseconds(us)};
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto second = static_cast<unsigned>(floor<std::chrono::seconds>(time - day).count());
  std::string out(kExample);
  const auto put = [&](std::size_t at, std::string_view text) { text.copy(&out[at], text.size()); };
  const auto put_digits = [&](std::size_t at, unsigned number) {
    out[at] = static_cast<char>('0' + number / 10 % 10);
    out[at + 1] = static_cast<char>('0' + number % 10);
  };
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  put(0, kDays[std::chrono::weekday(day).c_encoding()]);
  put_digits(5, static_cast<unsigned>(date.day()));
  put(8, kMonths[static_cast<unsigned>(date.month()) - 1]);
  put_digits(12, year / 100);
  put_digits(14, year);
  put_digits(17, second / 3600);
  put_digits(20, second / 60 % 60);
  put_digits(23, second % 60);
  return out;
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
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
