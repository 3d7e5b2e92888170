// Why a request had no answer. A browser does not tell a page; but one more request, in the mode
// no-cors (WHATWG Fetch 2.2.5), tells whether anybody is there.
#pragma once

#include <optional>
#include <string_view>

#include "core/client/decision.h"
#include "core/client/host.h"

namespace playground::client {

// How long that request is waited for.
inline constexpr Micros kUnansweredTimeout = 2 * kSecond;

// What to ask, where `page` has asked `server`, the address of a playground server, in vain.
// `timed_out`: nothing has come, in place of a failure. None where it would tell nothing.
std::optional<Request> ask_why(const Page& page, std::string_view server, bool timed_out);

// kServerNotThere, kPageNotAllowed, kPageWithoutOrigin, kLocalNetworkDenied or kNoConnectionLeft.
// `answered`: whether that request was.
Reason why_unanswered(const Page& page, std::string_view server, bool timed_out, bool answered);

}  // namespace playground::client
