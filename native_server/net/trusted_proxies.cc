#include "native_server/net/trusted_proxies.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "core/server/api_text.h"

namespace playground::server {
namespace {

constexpr std::size_t kByteBits = 8;
constexpr int kIpv4Bits = 32;
constexpr int kAllBits = 128;

// One hop's notes; what it does not say is empty.
struct Hop {
  std::string_view client, host, scheme;
};

// Up to `separator` outside quotes, which is taken off as well.
std::string_view take_unquoted(std::string_view& text, char separator) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size() && (quoted || text[at] != separator); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (quoted && text[at] == '\\') ++at;
  }
  at = std::min(at, text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return trimmed(part);
}

// A token or a quoted string (RFC 9110 5.6). None of what is written here needs an escape: with one
// it stays as it is, and is no address and no host.
std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// RFC 7239 4
std::vector<Hop> read_forwarded(const Request& request) {
  std::vector<Hop> hops;
  any_field(request.fields, "Forwarded", [&](std::string_view list) {
    while (!list.empty()) {
      std::string_view element = take_unquoted(list, ',');
      Hop& hop = hops.emplace_back();
      while (!element.empty()) {
        const std::string_view pair = take_unquoted(element, ';');
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view name = pair.substr(0, equals);
        const std::string_view value = unquoted(pair.substr(std::min(equals + 1, pair.size())));
        if (equals_ignoring_case(name, "for")) hop.client = value;
        if (equals_ignoring_case(name, "host")) hop.host = value;
        if (equals_ignoring_case(name, "proto")) hop.scheme = value;
      }
    }
    return false;
  });
  return hops;
}

std::vector<std::string_view> members(const Request& request, std::string_view name) {
  std::vector<std::string_view> all;
  any_field(request.fields, name, [&](std::string_view list) {
    while (!list.empty()) all.push_back(take_unquoted(list, ','));
    return false;
  });
  return all;
}

// Each proxy adds a client at the end; of host and scheme many keep a single one.
std::vector<Hop> read_x_forwarded(const Request& request) {
  std::vector<Hop> hops;
  for (const std::string_view client : members(request, "X-Forwarded-For")) {
    hops.push_back({client, {}, {}});
  }
  if (hops.empty()) hops.emplace_back();
  const auto fill = [&](std::string_view name, std::string_view Hop::*member) {
    const std::vector<std::string_view> values = members(request, name);
    if (values.empty()) return;
    for (std::size_t from_end = 1; from_end <= hops.size(); ++from_end) {
      hops[hops.size() - from_end].*member =
          values[values.size() - std::min(from_end, values.size())];
    }
  };
  fill("X-Forwarded-Host", &Hop::host);
  fill("X-Forwarded-Proto", &Hop::scheme);
  return hops;
}

// An address as proxies write it, perhaps with a port: "192.0.2.1:80", "[2001:db8::1]:80".
std::optional<Address> parse_node(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == text.npos) return std::nullopt;
    const std::string_view port = text.substr(end + 1);
    if (!port.empty() && (port[0] != ':' || !parse_whole<std::uint16_t>(port.substr(1)))) {
      return std::nullopt;
    }
    return parse_address(text.substr(1, end - 1));
  }
  const std::size_t colon = text.find(':');
  if (colon != text.npos && text.find(':', colon + 1) == text.npos) {
    if (!parse_whole<std::uint16_t>(text.substr(colon + 1))) return std::nullopt;
    text = text.substr(0, colon);
  }
  return parse_address(text);
}

}  // namespace

bool Network::has(const Address& other) const {
  const auto whole = static_cast<std::size_t>(bits) / kByteBits;
  const auto rest = static_cast<std::size_t>(bits) % kByteBits;
  const auto& [one, two] = std::pair{address.bytes, other.bytes};
  if (!std::equal(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(whole), two.begin())) {
    return false;
  }
  return rest == 0 || (one[whole] ^ two[whole]) >> (kByteBits - rest) == 0;
}

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == text.size()) return Network{*address};
  const int most = text.find(':') == text.npos ? kIpv4Bits : kAllBits;
  const auto bits = parse_whole<int>(text.substr(slash + 1));
  if (!bits || *bits < 0 || *bits > most) return std::nullopt;
  return Network{*address, *bits + kAllBits - most};
}

bool TrustedProxies::trusts(const Address& address) const {
  return std::ranges::any_of(networks_, [&](const Network& each) { return each.has(address); });
}

Address TrustedProxies::asker(const Address& peer, Request& request) const {
  if (!trusts(peer)) return peer;
  struct Found {
    Address address;
    Hop hop;
  };
  // From the last proxy to the first, as far as each is trusted.
  const auto walk = [&](const std::vector<Hop>& hops) {
    Found found{peer, {}};
    for (std::size_t i = hops.size(); i > 0 && trusts(found.address); --i) {
      const auto client = parse_node(hops[i - 1].client);
      found.hop = hops[i - 1];
      if (!client) break;
      found.address = *client;
    }
    return found;
  };
  const bool has_forwarded = request.count_fields("Forwarded") > 0;
  const Found newer = walk(read_forwarded(request));
  const Found older = walk(read_x_forwarded(request));
  // A proxy that writes one of them may pass on the other as the client sent it.
  if (has_forwarded && request.count_fields("X-Forwarded-For") > 0 &&
      newer.address.bytes != older.address.bytes) {
    return peer;
  }
  const Found& found = has_forwarded ? newer : older;
  request.asked_host = found.hop.host;
  if (found.hop.scheme == "http" || found.hop.scheme == "https") {
    request.asked_scheme = found.hop.scheme;
  }
  return found.address;
}

}  // namespace playground::server
