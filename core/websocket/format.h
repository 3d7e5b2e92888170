// The numbers of RFC 6455, each with its section, shared by encoder and decoder.
#pragma once

#include <cstddef>
#include <cstdint>

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

}  // namespace playground::websocket
