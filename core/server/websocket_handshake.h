// Whether a request may become a WebSocket (RFC 6455 4.2.1).
#pragma once

#include "core/server/exchange.h"

namespace playground::server {

// False where it may not: `reply` names the header at fault. 426 for a request that does not ask
// for a WebSocket of our version, with what that must name; 400 for one that asks wrongly.
bool check_websocket_handshake(const Request& request, Reply& reply);

}  // namespace playground::server
