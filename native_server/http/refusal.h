// An answer that says what is wrong: every 4xx and 5xx of the API has this body (docs/api.md).
#ifndef PLAYGROUND_NATIVE_SERVER_HTTP_REFUSAL_H_
#define PLAYGROUND_NATIVE_SERVER_HTTP_REFUSAL_H_

#include <string>
#include <string_view>

namespace playground::server {

// Thrown by a handler: `sentence` names the field, header or path at fault. Where a limit was
// reached, `limit` is its option.
struct Refusal {
  int status;
  std::string sentence;
  std::string_view limit = {};  // of static storage
};

// A refusal by a limit, with the option in its sentence.
Refusal limit_reached(int status, std::string sentence, std::string_view limit);

// A whole response, for a request that cannot be routed; the connection ends after it.
std::string refusal_response(int status, std::string_view sentence);

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_HTTP_REFUSAL_H_
