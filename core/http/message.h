// HTTP/1.1 messages as bytes (RFC 9112 2 to 4): heads that are read, and responses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/server/exchange.h"

namespace playground::http {

// Reads a head that framing has found whole: from the request line to the blank line, both
// included. The request's views are into `head`; the caller adds its body and client.
server::Request read_request(std::string_view head);

// The status of a response head's first line; 0 where there is none.
int read_status(std::string_view head);

// The reason phrases of RFC 9110 15 and of the codes registered since; "Unknown" for others.
std::string_view reason_phrase(int status);

// Whether the connection goes on after a whole answer (RFC 9112 9.3).
bool keeps_alive(const server::Request& request);

// Answers the exchange with `reply`: the head, the content where it is whole, and whether the
// connection goes on. A HEAD gets the head alone, and begins no session.
void respond(server::Reply reply, server::Exchange& exchange);

// A whole response with an error body, for a request that cannot be routed; the connection ends
// after it.
std::string refusal_response(int status, std::string_view sentence, std::int64_t now_us);

}  // namespace playground::http
