#include "native_client/net/proxy.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstring>

#include "core/field_text.h"

namespace playground::native {
namespace {

// curl's, where the address of a proxy has none.
constexpr std::uint16_t kDefaultPort = 1080;

struct Setting {
  std::string name;
  std::string value;
};

Setting read(const ProxyRules::Variable& variable, std::string name) {
  if (const char* value = variable(name.c_str())) return {name, value};
  std::string capitals = name;
  std::transform(capitals.begin(), capitals.end(), capitals.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  if (name == "http_proxy" && variable("REQUEST_METHOD") != nullptr) return {name, ""};
  const char* value = variable(capitals.c_str());
  return {value == nullptr ? name : capitals, value == nullptr ? "" : value};
}

Result<std::optional<Proxy>> parse_proxy(const Setting& setting) {
  if (setting.value.empty()) return std::optional<Proxy>();
  const std::string& value = setting.value;
  const std::size_t scheme = value.find("://");
  if (scheme != value.npos && !equals_ignoring_case(value.substr(0, scheme), "http")) {
    return InputError{setting.name + " names a proxy of the kind " + value.substr(0, scheme) +
                      "; only one that begins with http:// can be used"};
  }
  const std::string authority = scheme == value.npos ? value : value.substr(scheme + 3);
  const auto url = parse_url("http://" + authority);
  if (!url) return InputError{setting.name + " is no address of a proxy: " + url.error().message};
  Proxy proxy{url->host, url->port, {}};
  // The parser gives port 80 for none.
  const std::size_t end = std::min(authority.find_first_of("/?#"), authority.size());
  const std::string_view written = std::string_view(authority).substr(0, end);
  if (!url->port_written && !written.ends_with(":80")) proxy.port = kDefaultPort;
  if (!url->userinfo.empty()) {
    const bool has_password = url->userinfo.find(':') != std::string::npos;
    proxy.authorization = "Basic " + base64(url->userinfo + (has_password ? "" : ":"));
  }
  return std::optional(proxy);
}

struct Bytes {
  std::array<std::uint8_t, 16> bytes{};
  int bits = 0;  // 32 or 128; 0: it is no address
};

Bytes address_bytes(const std::string& text) {
  Bytes address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) {
    address.bits = 32;
  } else if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) {
    address.bits = 128;
  }
  return address;
}

// "192.168.0.0/16", or a single address.
bool network_has(std::string_view network, const Bytes& address) {
  if (network.starts_with('[') && network.ends_with(']')) {
    network = network.substr(1, network.size() - 2);
  }
  const std::size_t slash = network.find('/');
  const Bytes base = address_bytes(std::string(network.substr(0, slash)));
  if (base.bits == 0 || base.bits != address.bits) return false;
  int bits = base.bits;
  if (slash != network.npos) {
    const std::string_view digits = network.substr(slash + 1);
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc() || stop != digits.data() + digits.size() || bits < 0 ||
        bits > base.bits) {
      return false;
    }
  }
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(base.bytes.data(), address.bytes.data(), whole) != 0) return false;
  if (bits % 8 == 0) return true;
  const int mask = 0xff << (8 - bits % 8) & 0xff;
  return ((base.bytes[whole] ^ address.bytes[whole]) & mask) == 0;
}

// A name, or one under it; a dot before it means nothing.
bool domain_has(std::string_view domain, std::string_view host) {
  if (domain.starts_with('.')) domain.remove_prefix(1);
  if (domain.ends_with('.')) domain.remove_suffix(1);
  if (domain.empty()) return false;
  if (host.ends_with('.')) host.remove_suffix(1);
  return host == domain || (host.size() > domain.size() && host.ends_with(domain) &&
                            host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

Result<ProxyRules> ProxyRules::from_environment(const Variable& variable) {
  ProxyRules rules;
  const Setting all = read(variable, "all_proxy");
  for (auto [name, kept] :
       {std::pair{"http_proxy", &rules.http_}, {"https_proxy", &rules.https_}}) {
    Setting setting = read(variable, name);
    if (setting.value.empty()) setting = all;
    auto proxy = parse_proxy(setting);
    if (!proxy) return proxy.error();
    *kept = std::move(*proxy);
  }
  std::string exceptions = read(variable, "no_proxy").value;
  std::transform(exceptions.begin(), exceptions.end(), exceptions.begin(), to_lower);
  for (std::string_view rest = exceptions; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of(", \t"), rest.size());
    if (end > 0) rules.exceptions_.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return rules;
}

bool ProxyRules::excepts(std::string_view host) const {
  const Bytes address = address_bytes(std::string(host));
  return std::any_of(exceptions_.begin(), exceptions_.end(), [&](const std::string& each) {
    if (each == "*") return true;
    return address.bits > 0 ? network_has(each, address) : domain_has(each, host);
  });
}

const Proxy* ProxyRules::proxy_for(const Url& url) const {
  const std::optional<Proxy>& proxy = url.secure() ? https_ : http_;
  return proxy && !excepts(url.host) ? &*proxy : nullptr;
}

}  // namespace playground::native
