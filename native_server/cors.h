// Which pages may use the server (docs/api.md, "Origins").
#ifndef PLAYGROUND_NATIVE_SERVER_CORS_H_
#define PLAYGROUND_NATIVE_SERVER_CORS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <httplib.h>

namespace playground::server {

// Whether `text` is an origin as a browser serializes it: `http(s)://host` and perhaps `:port`.
bool is_origin(std::string_view text);

class OriginPolicy {
 public:
  explicit OriginPolicy(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  // `host` is the request's Host field: a page of the server itself comes from there.
  bool allows(std::string_view origin, std::string_view host) const;

 private:
  std::vector<std::string> allowed_;
};

// Sets what lets an allowed page read the response. Throws a Refusal (403) for a WebSocket or a
// writing request of another.
void apply_origin_policy(const OriginPolicy& policy, const httplib::Request& request,
                         httplib::Response& response);

// Answers the question a browser asks before a request that is not simple (Fetch 3.2.2).
void answer_preflight(httplib::Response& response);

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_CORS_H_
