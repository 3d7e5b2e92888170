// What the API answers to a question about the bytes of a lane (docs/api.md, "Bytes").
#pragma once

#include "core/server/exchange.h"

namespace playground::server {

// The request's parameters are the question.
void answer_wire_log(WireMeter& meter, const Request& request, Reply& reply);

}  // namespace playground::server
