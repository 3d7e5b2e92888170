#include "core/server/origin_policy.h"

#include <algorithm>

#include "core/server/api_text.h"

namespace playground::server {
namespace {

struct Origin {
  std::string_view scheme;
  std::string_view host;
  std::string_view port;  // empty: the scheme's own
};

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    return consists_of(host.substr(1, host.size() - 2), "abcdef0123456789:.");
  }
  return consists_of(host, "abcdefghijklmnopqrstuvwxyz0123456789-.");
}

// False for anything a browser would not send; `null` is no origin either.
bool parse_origin(std::string_view text, Origin& out) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return false;
  out.scheme = text.substr(0, colon);
  if (out.scheme != "http" && out.scheme != "https") return false;
  out.host = text.substr(colon + 3);
  const std::size_t port = out.host.find(':', out.host.rfind(']') + 1);
  if (port != std::string_view::npos) {
    out.port = out.host.substr(port + 1);
    out.host = out.host.substr(0, port);
    if (out.port.size() > 5 || !consists_of(out.port, "0123456789")) return false;
  }
  return is_host(out.host);
}

bool is_reading(const Request& request) {
  return request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
}

}  // namespace

bool is_origin(std::string_view text) {
  Origin origin;
  return parse_origin(text, origin);
}

bool OriginPolicy::allows(std::string_view text, std::string_view host) const {
  Origin origin;
  if (!parse_origin(text, origin)) return false;
  if (origin.host == "localhost" || origin.host == "127.0.0.1" || origin.host == "[::1]") {
    return true;
  }
  if (text.substr(origin.scheme.size() + 3) == host) return true;
  return std::find(allowed_.begin(), allowed_.end(), text) != allowed_.end();
}

bool OriginPolicy::apply(const Request& request, Reply& reply) const {
  reply.add_field("Vary", "Origin");
  if (request.count_fields("Origin") == 0) return true;
  const std::string_view origin = request.field("Origin");
  if (allows(origin, request.field("Host"))) {
    reply.add_field("Access-Control-Allow-Origin", origin);
  } else if (!is_reading(request) || request.field_has("Upgrade", "websocket")) {
    return refused(
        reply, 403,
        "the header Origin names a page that may not use this server: " + std::string(origin));
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
