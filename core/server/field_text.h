// The text of HTTP fields (RFC 9110 5).
#ifndef PLAYGROUND_CORE_SERVER_FIELD_TEXT_H_
#define PLAYGROUND_CORE_SERVER_FIELD_TEXT_H_

#include <algorithm>
#include <string_view>

namespace playground::server {

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return to_lower(a) == to_lower(b); });
}

// Without the space around it (OWS).
constexpr std::string_view trimmed(std::string_view value) {
  constexpr std::string_view kSpace = " \t";
  const std::size_t begin = value.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return value.substr(begin, value.find_last_not_of(kSpace) - begin + 1);
}

// Whether the list has the member (5.6.1), compared without case.
inline bool list_has(std::string_view list, std::string_view member) {
  while (true) {
    const std::size_t comma = list.find(',');
    if (equals_ignoring_case(trimmed(list.substr(0, comma)), member)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_FIELD_TEXT_H_
