// The cookie of a check's probe: the server sets it, and a client that has it brings it back.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "core/field_text.h"

namespace playground {

// "check-ID=ID": no other probe's is mistaken for it.
inline std::string probe_cookie(std::string_view id) {
  return std::string("check-").append(id).append("=").append(id);
}

// The pair of that name in the value of a Cookie or Set-Cookie field (RFC 6265 4.1.1, 4.2.1); empty
// without one.
inline std::string_view probe_cookie_in(std::string_view value, std::string_view id) {
  const std::string own = probe_cookie(id);
  const std::string_view name = std::string_view(own).substr(0, own.find('=') + 1);
  while (!value.empty()) {
    const std::string_view pair = value.substr(0, value.find(';'));
    if (trimmed(pair).starts_with(name)) return trimmed(pair);
    value.remove_prefix(std::min(pair.size() + 1, value.size()));
  }
  return {};
}

}  // namespace playground
