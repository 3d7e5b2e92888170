// What the command line says of the network, for all connections.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/client/host.h"
#include "native_client/net/proxy.h"

namespace playground::native {

// `--resolve`: what a name stands for, in place of what name servers say.
struct Resolution {
  std::string host;  // in lower case; "*" is any
  std::uint16_t port = 0;
  std::vector<std::string> addresses;
};

struct NetworkSettings {
  // With every request to a server, in place of the program's own of the same name.
  std::vector<client::HeaderField> header_fields = {};
  bool insecure = false;  // any certificate will do
  std::vector<Resolution> resolutions = {};
  ProxyRules proxies = {};
  // For finding a name's addresses and reaching one of them; and then for each of a proxy's answer
  // and TLS's handshake. Microseconds.
  client::Micros connect_time = 10 * client::kSecond;
  client::Micros handshake_time = 10 * client::kSecond;
};

}  // namespace playground::native
