// The cookie of a check's probe: the server sets it, and a client that has it brings it back.
#pragma once

#include <string>
#include <string_view>

namespace playground {

// "check-ID=ID": no other probe's is mistaken for it.
inline std::string probe_cookie(std::string_view id) {
  return std::string("check-").append(id).append("=").append(id);
}

}  // namespace playground
