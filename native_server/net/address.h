// Who is at the other end of a socket, as far as limits and the log care.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace playground::server {

// An IPv6 address; one of IPv4 is mapped into it (RFC 4291 2.5.5.2).
struct Address {
  std::array<std::uint8_t, 16> bytes{};
};

// Reads either, without a port, a zone or brackets; nothing for anything else.
std::optional<Address> parse_address(std::string_view text);

// All zero for what is neither IPv4 nor IPv6.
Address address_of(const sockaddr& peer);

// "127.0.0.1", "2001:db8::1"
std::string to_text(const Address& address);

// A host and a port as an authority has them (RFC 3986 3.2): an IPv6 address is in brackets.
std::string to_authority(const std::string& host, std::uint16_t port);

// Whom a limit per address counts: a household gets 64 bits of IPv6 (RFC 6177), so the rest does
// not tell anybody apart. A view of the address.
std::string_view counted_as(const Address& address);

}  // namespace playground::server
