#include "core/server/request.h"

#include <algorithm>
#include <charconv>

namespace playground::server {
namespace {

std::string decoded(std::string_view text, bool plus_is_space) {
  if (text.find('%') == text.npos && (!plus_is_space || text.find('+') == text.npos)) {
    return std::string(text);
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      unsigned char byte = 0;
      const char* digits = text.data() + i + 1;
      if (std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
        out += static_cast<char>(byte);
        i += 2;
        continue;
      }
    }
    out += plus_is_space && text[i] == '+' ? ' ' : text[i];
  }
  return out;
}

}  // namespace

std::string decoded_path(std::string_view target) {
  return decoded(target.substr(0, std::min(target.find('?'), target.find('#'))), false);
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  // RFC 9112 3.2: a target has no fragment; what looks like one is left out.
  std::string_view rest = target.substr(0, target.find('#'));
  rest.remove_prefix(std::min(rest.find('?'), rest.size() - 1) + 1);
  while (!rest.empty()) {
    const std::string_view each = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(each.size() + 1, rest.size()));
    const std::size_t equals = std::min(each.find('='), each.size());
    if (decoded(each.substr(0, equals), true) != name) continue;
    return decoded(each.substr(std::min(equals + 1, each.size())), true);
  }
  return std::nullopt;
}

std::string_view Request::field(std::string_view name) const {
  return may_have(name) ? find_field(fields, name) : std::string_view();
}

std::size_t Request::count_fields(std::string_view name) const {
  std::size_t count = 0;
  if (!may_have(name)) return count;
  any_field(fields, name, [&](std::string_view) {
    ++count;
    return false;
  });
  return count;
}

bool Request::field_has(std::string_view name, std::string_view member) const {
  return may_have(name) &&
         any_field(fields, name, [&](std::string_view list) { return list_has(list, member); });
}

bool Request::passed_proxy() const {
  return count_fields("Via") > 0 || count_fields("Forwarded") > 0 ||
         has_field_beginning(fields, "X-Forwarded-");
}

}  // namespace playground::server
