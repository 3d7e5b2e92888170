// Addresses of servers (RFC 3986; WHATWG URL where the two differ in what people write): http,
// https, ws and wss.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace playground::native {

struct Url {
  std::string scheme;  // in lower case
  std::string host;    // in lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string target;         // path and query, in ASCII; begins with a slash
  std::string userinfo = {};  // "user:password", percent-decoded; empty without one
  bool port_written = false;  // and not the scheme's own

  bool secure() const { return scheme == "https" || scheme == "wss"; }
  bool is_websocket() const { return scheme == "ws" || scheme == "wss"; }
  // "localhost:8088", "[::1]:8088": as a Host field has it, the scheme's own port left out.
  std::string authority() const;
  // "http://localhost:8088"; a WebSocket's is that of http.
  std::string origin() const;
  std::string text() const { return scheme + "://" + authority() + target; }
  // "localhost port 8088", for sentences.
  std::string place() const;
};

// The longest address that is taken.
inline constexpr std::size_t kMaxUrlBytes = 64 * 1024;

// An absolute address. Its fragment is dropped; characters that may not stand in a path or a query
// are percent-encoded. The error is a sentence that names what is wrong.
Result<Url> parse_url(std::string_view text);

// RFC 3986 5.2: what `reference` means on the way to `base`, such as a redirect's Location.
Result<Url> resolve_reference(const Url& base, std::string_view reference);

// Whether `host` is an IPv4 or IPv6 address, without brackets.
bool is_ip_address(std::string_view host);

// A base64 text (RFC 4648 4).
std::string base64(std::string_view bytes);

}  // namespace playground::native
