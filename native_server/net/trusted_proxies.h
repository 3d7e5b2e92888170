// What proxies say about whom they ask for, believed of those that one was told to trust.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/server/request.h"
#include "native_server/net/address.h"

namespace playground::server {

// Addresses that begin with the same bits (RFC 4632 3.1, RFC 4291 2.3).
struct Network {
  Address address;
  int bits = 128;

  bool has(const Address& other) const;
};

// "10.0.0.0/8", "2001:db8::/32", or one address; nothing for anything else.
std::optional<Network> parse_network(std::string_view text);

class TrustedProxies {
 public:
  explicit TrustedProxies(std::vector<Network> networks) : networks_(std::move(networks)) {}

  // Who asks, where `peer` has sent the request: `peer` itself, or, where that is trusted, the last
  // address that a trusted proxy has written down, in X-Forwarded-For or Forwarded (RFC 7239 5.2),
  // and that is not trusted itself. Where the two fields disagree, and where what is written is no
  // address, nobody is believed beyond there. Sets the request's `asked_host` and `asked_scheme` to
  // what the outermost trusted proxy was asked for, where it says so; they live as long as the
  // fields.
  Address asker(const Address& peer, Request& request) const;

 private:
  bool trusts(const Address& address) const;

  std::vector<Network> networks_;
};

}  // namespace playground::server
