#include "native_server/channel_id.h"

#include <array>
#include <cerrno>
#include <string_view>
#include <sys/random.h>
#include <system_error>

namespace playground::server {

std::string random_channel_id() {
  std::array<unsigned char, 16> bits;
  // Up to 256 bytes come whole or not at all (getrandom(2)).
  if (getrandom(bits.data(), bits.size(), 0) < 0) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  std::string id;
  for (const unsigned char byte : bits) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    id += kDigits[byte >> 4];
    id += kDigits[byte & 15];
  }
  return id;
}

}  // namespace playground::server
