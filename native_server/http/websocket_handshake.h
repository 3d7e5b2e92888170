// Whether a request may become a WebSocket (RFC 6455 4.2.1).
#ifndef PLAYGROUND_NATIVE_SERVER_HTTP_WEBSOCKET_HANDSHAKE_H_
#define PLAYGROUND_NATIVE_SERVER_HTTP_WEBSOCKET_HANDSHAKE_H_

#include <httplib.h>

namespace playground::server {

// Throws a Refusal that names the header at fault: 426 for a request that asks for no WebSocket or
// another version, 400 for one that asks wrongly. `response` gets what a 426 must name.
void check_websocket_handshake(const httplib::Request& request, httplib::Response& response);

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_HTTP_WEBSOCKET_HANDSHAKE_H_
