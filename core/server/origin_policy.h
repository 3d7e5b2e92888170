// Which pages may use the server (docs/api.md, "Origins").
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/server/exchange.h"

namespace playground::server {

// Whether `text` is an origin as a browser serializes it: `http(s)://host` and perhaps `:port`.
bool is_origin(std::string_view text);

class OriginPolicy {
 public:
  explicit OriginPolicy(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  // `host` is the request's Host field: a page of the server itself comes from there.
  bool allows(std::string_view origin, std::string_view host) const;

  // Adds to `reply` what lets an allowed page read it. False for a WebSocket or a writing request
  // from any other page, which is refused: the reply says so (403).
  bool apply(const Request& request, Reply& reply) const;

 private:
  std::vector<std::string> allowed_;
};

// Answers the question a browser asks before a request that is not simple (Fetch 3.2.2).
void answer_preflight(Reply& reply);

}  // namespace playground::server
