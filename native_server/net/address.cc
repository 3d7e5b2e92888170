#include "native_server/net/address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace playground::server {
namespace {

constexpr std::array<std::uint8_t, 12> kIpv4Mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kHouseholdBytes = 8;

bool is_ipv4(const Address& address) {
  return std::equal(kIpv4Mapped.begin(), kIpv4Mapped.end(), address.bytes.begin());
}

}  // namespace

Address address_of(const sockaddr& peer) {
  Address address;
  if (peer.sa_family == AF_INET) {
    std::ranges::copy(kIpv4Mapped, address.bytes.begin());
    std::memcpy(&address.bytes[kIpv4Mapped.size()],
                &reinterpret_cast<const sockaddr_in&>(peer).sin_addr, 4);
  } else if (peer.sa_family == AF_INET6) {
    std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr, 16);
  }
  return address;
}

std::optional<Address> parse_address(std::string_view text) {
  const std::string ended(text);
  sockaddr_in v4{};
  if (inet_pton(AF_INET, ended.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    return address_of(reinterpret_cast<const sockaddr&>(v4));
  }
  Address v6;
  if (inet_pton(AF_INET6, ended.c_str(), v6.bytes.data()) == 1) return v6;
  return std::nullopt;
}

std::string to_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (is_ipv4(address)) {
    inet_ntop(AF_INET, &address.bytes[kIpv4Mapped.size()], text, sizeof text);
  } else {
    inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
  }
  return text;
}

std::string to_authority(const std::string& host, std::uint16_t port) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string_view counted_as(const Address& address) {
  const std::string_view all(reinterpret_cast<const char*>(address.bytes.data()),
                             address.bytes.size());
  return is_ipv4(address) ? all : all.substr(0, kHouseholdBytes);
}

}  // namespace playground::server
