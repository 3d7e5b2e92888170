// Where others in the same network reach this machine.
#pragma once

#include <string>
#include <vector>

namespace playground::server {

// The addresses of this machine's interfaces that are up, those of IPv4 first, as an address bar
// has them: an IPv6 address in brackets. Without those that only it or its own link knows. Empty
// unless `host` means all of them: "0.0.0.0", or "::" for both kinds.
std::vector<std::string> own_addresses(const std::string& host);

}  // namespace playground::server
