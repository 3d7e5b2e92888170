// The text of HTTP fields (RFC 9110 5), and where the head that holds them ends.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace playground {

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return to_lower(a) == to_lower(b); });
}

// Every answer of a playground server has this field, so that it can be told from an answer of
// whoever stands in front of it.
inline constexpr std::string_view kPlaygroundField = "Playground";

// The end of a head's last line, and the blank line after it (RFC 9112 2.1).
inline constexpr std::string_view kHeadEnd = "\r\n\r\n";

// How many bytes the head at the beginning of `text` takes, including its blank line; all of them
// where it has no end.
constexpr std::size_t head_size(std::string_view text) {
  const std::size_t end = text.find(kHeadEnd);
  return end == std::string_view::npos ? text.size() : end + kHeadEnd.size();
}

// Without the space around it (OWS).
constexpr std::string_view trimmed(std::string_view value) {
  constexpr auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!value.empty() && is_space(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_space(value.back())) value.remove_suffix(1);
  return value;
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

// Calls `take` with the value of each field of that name in `fields`, which are whole lines, until
// it returns true; returns whether it did.
template <typename Take>
bool any_field(std::string_view fields, std::string_view name, Take&& take) {
  while (!fields.empty()) {
    const std::size_t end = std::min(fields.find("\r\n"), fields.size());
    const std::string_view line = fields.substr(0, end);
    fields.remove_prefix(std::min(end + 2, fields.size()));
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (!equals_ignoring_case(line.substr(0, name.size()), name)) continue;
    if (take(trimmed(line.substr(name.size() + 1)))) return true;
  }
  return false;
}

// A bit of 64 that all fields of a name have in common: of the many fields that are asked for and
// are not there, most need not be looked for.
constexpr std::uint64_t name_bit(std::string_view name) {
  const auto first = static_cast<unsigned char>(name.empty() ? '\0' : to_lower(name.front()));
  return std::uint64_t{1} << ((first + 11 * name.size()) % 64);
}

// Calls `take` with the name and the value of each field in `fields`, which are whole lines.
template <typename Take>
void for_each_field(std::string_view fields, Take&& take) {
  while (!fields.empty()) {
    const std::size_t end = std::min(fields.find("\r\n"), fields.size());
    const std::string_view line = fields.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon != line.npos) take(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    fields.remove_prefix(std::min(end + 2, fields.size()));
  }
}

// Whether a field's name begins with `prefix`.
inline bool has_field_beginning(std::string_view fields, std::string_view prefix) {
  while (!fields.empty()) {
    const std::size_t end = std::min(fields.find("\r\n"), fields.size());
    const std::string_view name = fields.substr(0, std::min(fields.find(':'), end));
    if (equals_ignoring_case(name.substr(0, prefix.size()), prefix)) return true;
    fields.remove_prefix(std::min(end + 2, fields.size()));
  }
  return false;
}

// The value of the first field of that name; empty where there is none.
inline std::string_view find_field(std::string_view fields, std::string_view name) {
  std::string_view found;
  any_field(fields, name, [&](std::string_view value) {
    found = value;
    return true;
  });
  return found;
}

}  // namespace playground
