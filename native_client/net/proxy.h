// Which proxy a request goes through: the environment's variables, read as curl reads them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "native_client/net/url.h"

namespace playground::native {

// A proxy that is spoken to over plain HTTP.
struct Proxy {
  std::string host;
  std::uint16_t port = 0;
  std::string authorization;  // the value of Proxy-Authorization; empty without one

  // "proxy.example port 3128"
  std::string place() const { return host + " port " + std::to_string(port); }
};

class ProxyRules {
 public:
  // The value of an environment variable; null where there is none.
  using Variable = std::function<const char*(const char* name)>;

  // No proxy for anything.
  ProxyRules() = default;

  // From http_proxy, https_proxy, all_proxy and no_proxy, or the same in capitals; the former come
  // first. HTTP_PROXY in capitals is left alone in a CGI program (REQUEST_METHOD is set), where a
  // request's field would be in it. An empty value is none. The error names the variable.
  static Result<ProxyRules> from_environment(const Variable& variable);

  // Where requests to `url` go; a WebSocket's like those of http or https. Null: straight to it.
  const Proxy* proxy_for(const Url& url) const;

 private:
  bool excepts(std::string_view host) const;

  std::optional<Proxy> http_;
  std::optional<Proxy> https_;
  std::vector<std::string> exceptions_;  // of no_proxy, in lower case
};

}  // namespace playground::native
