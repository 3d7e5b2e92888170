// The first lines of HTTP/1.1 messages (RFC 9112 2 to 4).
#pragma once

#include <string_view>

#include "core/server/request.h"

namespace playground::http {

// Reads a head that framing has found whole: from the request line to the blank line, both
// included. The request's views are into `head`; the caller adds its body and client.
server::Request read_request(std::string_view head);

// The status of a response head's first line; 0 where there is none.
int read_status(std::string_view head);

// The reason phrases of RFC 9110 15 and of the codes registered since; "Unknown" for others.
std::string_view reason_phrase(int status);

}  // namespace playground::http
