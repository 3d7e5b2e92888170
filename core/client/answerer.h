// Who has answered a request: the playground server, or somebody in front of it.
#pragma once

#include <string>
#include <string_view>

#include "core/client/host.h"

namespace playground::client {

// `fields` are those of Opened and Answered.
bool is_playground(std::string_view fields);

// As far as it says: the name in `Server` (RFC 9110 10.2.4), that in `Via` (7.6.3), or "a gateway".
std::string answered_by(std::string_view fields);

// A gateway whose server is away answers in its place (RFC 9110 15.6.3 to 15.6.5).
bool server_is_away(int status, std::string_view fields);

// The pause that `Retry-After` (RFC 9110 10.2.3) asks for, in either of its forms: 0 where it asks
// for none, an hour at most. `now` is since the Unix epoch.
Micros retry_after(std::string_view fields, Micros now);

}  // namespace playground::client
