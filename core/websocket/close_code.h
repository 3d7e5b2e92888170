// Close codes (RFC 6455 7.4 and the IANA registry "WebSocket Close Code Number").
#pragma once

#include <cstdint>
#include <string_view>

namespace playground::websocket {

enum class CloseCode : std::uint16_t {
  kNormalClosure = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupportedData = 1003,
  kNoStatusReceived = 1005,  // never on the wire
  kAbnormalClosure = 1006,   // never on the wire
  kInvalidPayload = 1007,
  kPolicyViolation = 1008,
  kMessageTooBig = 1009,
  kMandatoryExtension = 1010,
  kInternalError = 1011,
  kServiceRestart = 1012,
  kTryAgainLater = 1013,
  kBadGateway = 1014,
  kTlsHandshake = 1015,  // never on the wire
};

// Whether an endpoint may put this code into a Close frame (7.4.1, 7.4.2).
bool may_be_sent(std::uint16_t code);

// The registry's name of a code ("Going Away"); empty for a code without one.
std::string_view close_code_name(std::uint16_t code);

}  // namespace playground::websocket
