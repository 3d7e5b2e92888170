// The numbers of RFC 6455, each with its section, shared by encoder and decoder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace playground::websocket {

// 5.2: the first two bytes of a frame.
inline constexpr std::uint8_t kFinBit = 0x80;
inline constexpr std::uint8_t kReservedBits = 0x70;
inline constexpr std::uint8_t kOpcodeBits = 0x0f;
inline constexpr std::uint8_t kMaskBit = 0x80;
inline constexpr std::uint8_t kLengthBits = 0x7f;

// 5.2: values of the seven-bit length that announce a longer one.
inline constexpr std::uint8_t kLength16 = 126;
inline constexpr std::uint8_t kLength64 = 127;

// 5.2: how many bytes the longer length has; none where the seven bits are the length.
constexpr std::size_t length_bytes(std::uint8_t short_length) {
  return short_length == kLength16 ? 2 : short_length == kLength64 ? 8 : 0;
}

// 5.2: numbers of several bytes are in network byte order.
constexpr std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

// 5.2: the longest header: two bytes, a 64-bit length, a masking key.
inline constexpr std::size_t kMaxHeaderBytes = 14;

// 5.5: the longest payload of a control frame.
inline constexpr std::size_t kMaxControlPayload = 125;

// 5.5.1: a close code takes two bytes of a control frame's payload.
inline constexpr std::size_t kMaxCloseReason = kMaxControlPayload - 2;

// 5.2, 11.8: the opcodes that are defined.
enum class Opcode : std::uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xa,
};

// 5.5: control frames have the highest bit of the opcode set.
constexpr bool is_control(Opcode opcode) { return (static_cast<std::uint8_t>(opcode) & 0x8) != 0; }

// 7.4 and the IANA registry "WebSocket Close Code Number".
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
