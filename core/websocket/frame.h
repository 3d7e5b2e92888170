// Frames of RFC 6455 5.2 as plain structs and free functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/websocket/format.h"

namespace playground::websocket {

using MaskingKey = std::array<std::uint8_t, 4>;

struct FrameHeader {
  bool fin = true;
  Opcode opcode = Opcode::kText;
  std::uint64_t payload_bytes = 0;
  std::optional<MaskingKey> masking_key;

  bool operator==(const FrameHeader&) const = default;
};

// Appends the header in its shortest form (5.2: "the minimal number of bytes MUST be used").
void encode(const FrameHeader& header, std::string& out);

// Appends a whole frame. With a key the payload is masked (a client's frames must be, 5.3).
void encode_frame(Opcode opcode, std::string_view payload, std::string& out,
                  const std::optional<MaskingKey>& masking_key = std::nullopt);

// Appends a Close frame. A reason longer than kMaxCloseReason is cut at a character boundary.
// Precondition: may_be_sent(code).
void encode_close(CloseCode code, std::string_view reason, std::string& out,
                  const std::optional<MaskingKey>& masking_key = std::nullopt);

// The whole frame that answers a Close frame with `code` (5.5.1): one with the same code, or
// without where it had none (1005).
std::string answer_to_close(std::uint16_t code,
                            const std::optional<MaskingKey>& masking_key = std::nullopt);

// 5.3: masking and unmasking are the same. `offset` is where `data` begins in the payload.
void apply_mask(const MaskingKey& key, std::uint64_t offset, char* data, std::size_t size);

}  // namespace playground::websocket
