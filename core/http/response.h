// Replies as the bytes of HTTP/1.1 responses (RFC 9112 4).
#pragma once

#include <string>
#include <string_view>

#include "core/server/exchange.h"

namespace playground::http {

// Whether the connection goes on after a whole answer (RFC 9112 9.3).
bool keeps_alive(const server::Request& request);

// Answers the exchange with `reply`: the head, the content where it is whole, and whether the
// connection goes on. A HEAD gets the head alone, and begins no session.
void respond(server::Reply reply, server::Exchange& exchange);

// A whole response with an error body, for a request that cannot be routed; the connection ends
// after it.
std::string refusal_response(int status, std::string_view sentence);

}  // namespace playground::http
