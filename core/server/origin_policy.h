// Which pages may use the server, and under which names (docs/api.md, "Origins").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/server/exchange.h"

namespace playground::server {

// RFC 6454 4. Two that are equal are the same origin: scheme and host are in lower case, an IPv6
// address has all its groups, and the scheme's own port is named.
struct Origin {
  std::string scheme;
  std::string host;  // as in an address: an IPv6 address is in brackets
  std::uint16_t port = 0;

  bool operator==(const Origin&) const = default;
};

// Reads `http(s)://host` and perhaps `:port`; nothing for anything else. `null` is no origin.
std::optional<Origin> parse_origin(std::string_view text);

class OriginPolicy {
 public:
  // `origins`: those whose pages may use the server, besides its own. The server may be reached as
  // any of their hosts, and as any of `names`. Precondition: parse_origin() reads them all.
  explicit OriginPolicy(const std::vector<std::string>& origins,
                        std::vector<std::string> names = {});

  // The server's own ports: pages from one of them may use all of them.
  void set_ports(std::uint16_t port, std::span<const std::uint16_t> more) {
    ports_.assign(more.begin(), more.end());
    ports_.push_back(port);
  }

  // Whether the server can be reached under the name in the request's Host, and under the one that
  // a trusted proxy was asked for. Otherwise a foreign name resolves to this server's address, and
  // its pages would count as the server's own (DNS rebinding): the reply says so (421).
  bool knows_host(const Request& request, Reply& reply) const;

  // Whether pages of `origin` may use the server.
  bool allows(std::string_view origin, const Request& request) const;

  // Adds to `reply` what lets an allowed page read it. False for a WebSocket or a writing request
  // from any other page, which is refused: the reply says so (403).
  bool apply(const Request& request, Reply& reply) const;

 private:
  bool knows(std::string_view host) const;
  bool is_own(const Origin& origin, const Request& request) const;

  std::vector<Origin> origins_;
  std::vector<std::string> names_;
  std::vector<std::uint16_t> ports_;
};

// Adds what lets the request's page read the reply, whichever it is; true.
bool admit_page(const Request& request, Reply& reply);

// Answers the question a browser asks before a request that is not simple (Fetch 3.2.2).
void answer_preflight(Reply& reply);

}  // namespace playground::server
