#include "native_server/channel_id.h"

#include <cerrno>
#include <string_view>
#include <sys/random.h>
#include <system_error>

namespace playground::server {

std::uint64_t random_bits() {
  std::uint64_t bits = 0;
  // Up to 256 bytes come whole or not at all (getrandom(2)).
  if (getrandom(&bits, sizeof bits, 0) < 0) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return bits;
}

std::string random_channel_id() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string id;
  for (int word = 0; word < 2; ++word) {
    std::uint64_t bits = random_bits();
    for (int digit = 0; digit < 16; ++digit, bits >>= 4) id += kDigits[bits & 15];
  }
  return id;
}

}  // namespace playground::server
