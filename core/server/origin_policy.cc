#include "core/server/origin_policy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

#include "core/server/api_text.h"

namespace playground::server {
namespace {

constexpr std::string_view kMarks = "-._";
constexpr std::string_view kLocal = ".local";

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || kMarks.find(c) != kMarks.npos;
}

bool is_ipv4(std::string_view host) {
  int octets = 0;
  while (true) {
    const std::size_t dot = std::min(host.find('.'), host.size());
    if (!parse_whole<std::uint8_t>(host.substr(0, dot)) || ++octets > 4) return false;
    if (dot == host.size()) return octets == 4;
    host.remove_prefix(dot + 1);
  }
}

// All eight groups, without leading zeros; nothing where it is no IPv6 address (RFC 4291 2.2). One
// that ends like an IPv4 address is none here: no browser writes it so.
std::optional<std::string> normal_ipv6(std::string_view text) {
  constexpr std::size_t kGroups = 8;
  std::vector<std::uint16_t> groups;
  std::optional<std::size_t> gap;  // before which group `::` stands
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    std::uint16_t group = 0;
    const char* const end = text.data() + std::min<std::size_t>(text.size(), 4);
    const auto [stop, error] = std::from_chars(text.data(), end, group, 16);
    if (error != std::errc()) return std::nullopt;
    groups.push_back(group);
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    if (text.empty()) break;
    if (text.starts_with("::")) {
      if (gap) return std::nullopt;
      gap = groups.size();
      text.remove_prefix(2);
    } else if (text.size() > 1 && text[0] == ':') {
      text.remove_prefix(1);
    } else {
      return std::nullopt;
    }
  }
  if (groups.size() > kGroups || (groups.size() < kGroups) != gap.has_value()) return std::nullopt;
  if (gap) {
    const auto at = groups.begin() + static_cast<std::ptrdiff_t>(*gap);
    groups.insert(at, kGroups - groups.size(), 0);
  }
  std::string out;
  for (const std::uint16_t group : groups) {
    std::array<char, 4> digits;
    const auto [stop, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), group, 16);
    out.append(out.empty() ? "[" : ":").append(digits.data(), stop);
  }
  return out + "]";
}

std::optional<std::string> normal_host(std::string_view text) {
  std::string host(text);
  std::transform(host.begin(), host.end(), host.begin(), to_lower);
  if (host.starts_with('[') && host.ends_with(']')) {
    return normal_ipv6(std::string_view(host).substr(1, host.size() - 2));
  }
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_name_character)) {
    return std::nullopt;
  }
  return host;
}

// `host` and perhaps `:port` (RFC 9110 7.2), for that scheme.
std::optional<Origin> parse_authority(std::string_view text, std::string_view scheme) {
  std::uint16_t port = scheme == "https" ? 443 : 80;
  std::size_t colon = text.rfind(':');
  if (colon != text.npos && text.find(']', colon) == text.npos) {
    const std::string_view digits = text.substr(colon + 1);
    const auto number = parse_whole<std::uint16_t>(digits);
    // An empty port is the scheme's own (RFC 3986 6.2.3).
    if (!number && !digits.empty()) return std::nullopt;
    port = number.value_or(port);
  } else {
    colon = text.size();
  }
  auto host = normal_host(text.substr(0, colon));
  if (!host) return std::nullopt;
  return Origin{std::string(scheme), std::move(*host), port};
}

// RFC 6761 6.3: a browser never asks a name server for these.
bool is_localhost(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost");
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "[0:0:0:0:0:0:0:1]" ||
         (is_ipv4(host) && host.starts_with("127."));
}

// The host that a proxy was asked for, where it says so. No page can: a browser asks before it
// sends such a field to another origin, and is not allowed to (answer_preflight()).
std::string_view forwarded_host(const Request& request) {
  if (!request.asked_host.empty()) return {};  // known, and not by this
  const std::string_view hosts = request.field("X-Forwarded-Host");
  return trimmed(hosts.substr(0, hosts.find(',')));
}

bool is_reading(const Request& request) {
  return request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
}

}  // namespace

std::optional<Origin> parse_origin(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == text.npos || text.ends_with(':')) return std::nullopt;
  std::string scheme(text.substr(0, colon));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), to_lower);
  if (scheme != "http" && scheme != "https") return std::nullopt;
  return parse_authority(text.substr(colon + 3), scheme);
}

OriginPolicy::OriginPolicy(const std::vector<std::string>& origins, std::vector<std::string> names)
    : names_(std::move(names)) {
  for (const std::string& text : origins) {
    if (auto origin = parse_origin(text)) origins_.push_back(std::move(*origin));
  }
  for (std::string& name : names_) std::transform(name.begin(), name.end(), name.begin(), to_lower);
}

bool OriginPolicy::knows(std::string_view text) const {
  auto authority = parse_authority(text, "http");
  if (!authority) return false;
  std::string& host = authority->host;
  if (host.ends_with('.')) host.pop_back();  // RFC 1034 3.1: the same name, written out in full
  // RFC 6762 3: no name server is asked for these, so they are no stranger's.
  const std::string_view name = std::string_view(host).substr(
      0, host.ends_with(kLocal) ? host.size() - kLocal.size() : host.size());
  const auto is_host = [&](const Origin& origin) { return origin.host == host; };
  return host.starts_with('[') || is_ipv4(host) || is_localhost(host) ||
         std::find(names_.begin(), names_.end(), name) != names_.end() ||
         std::any_of(origins_.begin(), origins_.end(), is_host);
}

bool OriginPolicy::knows_host(const Request& request, Reply& reply) const {
  const auto is_known = [&](std::string_view what, std::string_view text) {
    // Without Host it is HTTP/1.0, which no page speaks.
    return text.empty() || knows(text) ||
           refused(reply, 421,
                   std::string(what) + " is a name that this server is not known by: " +
                       std::string(text) + "; --public-origin makes it known");
  };
  // Both: a proxy may pass on what a page has written into the other.
  return is_known("the header Host", request.sent_host()) &&
         is_known("the host that the proxy was asked for", request.asked_host);
}

bool OriginPolicy::allows(std::string_view text, const Request& request) const {
  // Only the browser can set this field (Fetch Metadata 2.2), and it alone knows how the page's
  // address and the request's are related when a proxy has rewritten Host, or when Origin is `null`
  // because of the page's referrer policy (Fetch 3.2).
  if (request.field("Sec-Fetch-Site") == "same-origin") return true;
  const auto origin = parse_origin(text);
  if (!origin) return false;
  if (is_loopback(origin->host)) return true;
  return is_own(*origin, request) ||
         std::find(origins_.begin(), origins_.end(), *origin) != origins_.end();
}

bool OriginPolicy::is_own(const Origin& origin, const Request& request) const {
  // Whether TLS ended before the server is not known here, unless a trusted proxy says it: what
  // comes is compared as the page's scheme has it.
  const std::string_view scheme =
      request.asked_scheme.empty() ? origin.scheme : request.asked_scheme;
  const auto asked = parse_authority(request.host(), scheme);
  if (asked == origin || parse_authority(forwarded_host(request), scheme) == origin) return true;
  const auto is_port = [&](std::uint16_t port) {
    return std::find(ports_.begin(), ports_.end(), port) != ports_.end();
  };
  return asked && asked->host == origin.host && origin.scheme == "http" && is_port(origin.port) &&
         is_port(asked->port);
}

bool OriginPolicy::apply(const Request& request, Reply& reply) const {
  const std::string_view text = request.field("Origin");
  if (request.count_fields("Origin") == 0 || allows(text, request)) {
    return admit_page(request, reply);
  }
  reply.add_field("Vary", "Origin");
  if (is_reading(request) && !request.field_has("Upgrade", "websocket")) return true;
  std::string sentence = "the header Origin names a page that may not use this server: ";
  sentence.append(text).append("; it was asked for as ").append(request.host());
  if (const std::string_view host = forwarded_host(request); !host.empty()) {
    sentence.append(" and, by X-Forwarded-Host, as ").append(host);
  }
  sentence +=
      ". For its own pages, a proxy must pass on Host or add X-Forwarded-Host, or --public-origin "
      "must name their origin; for others, --allow-origin";
  return refused(reply, 403, sentence);
}

bool admit_page(const Request& request, Reply& reply) {
  reply.add_field("Vary", "Origin");
  if (request.count_fields("Origin") > 0) {
    reply.add_field("Access-Control-Allow-Origin", request.field("Origin"));
  }
  return true;
}

void answer_preflight(Reply& reply) {
  reply.status = 204;
  reply.add_field("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
  reply.add_field("Access-Control-Allow-Headers",
                  "Authorization, Cache-Control, Content-Type, Last-Event-ID");
  reply.add_field("Access-Control-Max-Age", "600");
}

}  // namespace playground::server
