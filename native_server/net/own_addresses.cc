#include "native_server/net/own_addresses.h"

#include <algorithm>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

#include "native_server/net/address.h"
#include "native_server/net/trusted_proxies.h"

namespace playground::server {

std::vector<std::string> own_addresses(const std::string& host) {
  const bool both = host == "::";
  if (!both && host != "0.0.0.0") return {};
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all(first, freeifaddrs);
  static const Network kLinkLocal[] = {*parse_network("169.254.0.0/16"),
                                       *parse_network("fe80::/10")};
  std::vector<std::string> v4;
  std::vector<std::string> v6;
  for (const ifaddrs* each = all.get(); each != nullptr; each = each->ifa_next) {
    if (!each->ifa_addr || !(each->ifa_flags & IFF_UP) || (each->ifa_flags & IFF_LOOPBACK))
      continue;
    const bool is_v4 = each->ifa_addr->sa_family == AF_INET;
    if (!is_v4 && !(both && each->ifa_addr->sa_family == AF_INET6)) continue;
    const Address address = address_of(*each->ifa_addr);
    if (std::ranges::any_of(kLinkLocal, [&](const Network& one) { return one.has(address); })) {
      continue;
    }
    if (is_v4) {
      v4.push_back(to_text(address));
    } else {
      v6.push_back("[" + to_text(address) + "]");
    }
  }
  v4.insert(v4.end(), v6.begin(), v6.end());
  return v4;
}

}  // namespace playground::server
