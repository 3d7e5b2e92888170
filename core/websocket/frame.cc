#include "core/websocket/frame.h"

#include <cassert>

namespace playground::websocket {
namespace {

void append_big_endian(std::uint64_t value, int bytes, std::string& out) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>((value >> shift) & 0xff);
  }
}

// The longest beginning of `text` that fits and does not end inside a character.
std::string_view cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  return text.substr(0, limit);
}

}  // namespace

void encode(const FrameHeader& header, std::string& out) {
  out += static_cast<char>((header.fin ? kFinBit : 0) | static_cast<std::uint8_t>(header.opcode));
  const std::uint8_t mask = header.masking_key ? kMaskBit : 0;
  if (header.payload_bytes < kLength16) {
    out += static_cast<char>(mask | static_cast<std::uint8_t>(header.payload_bytes));
  } else if (header.payload_bytes <= 0xffff) {
    out += static_cast<char>(mask | kLength16);
    append_big_endian(header.payload_bytes, 2, out);
  } else {
    out += static_cast<char>(mask | kLength64);
    append_big_endian(header.payload_bytes, 8, out);
  }
  if (header.masking_key) {
    for (const std::uint8_t byte : *header.masking_key) out += static_cast<char>(byte);
  }
}

void encode_frame(Opcode opcode, std::string_view payload, std::string& out,
                  const std::optional<MaskingKey>& masking_key) {
  encode(FrameHeader{true, opcode, payload.size(), masking_key}, out);
  const std::size_t start = out.size();
  out += payload;
  if (masking_key) apply_mask(*masking_key, 0, out.data() + start, payload.size());
}

void encode_close(CloseCode code, std::string_view reason, std::string& out,
                  const std::optional<MaskingKey>& masking_key) {
  assert(may_be_sent(static_cast<std::uint16_t>(code)));
  std::string payload;
  append_big_endian(static_cast<std::uint16_t>(code), 2, payload);
  payload += cut(reason, kMaxCloseReason);
  encode_frame(Opcode::kClose, payload, out, masking_key);
}

std::string answer_to_close(std::uint16_t code, const std::optional<MaskingKey>& masking_key) {
  std::string answer;
  if (code == static_cast<std::uint16_t>(CloseCode::kNoStatusReceived)) {
    encode_frame(Opcode::kClose, {}, answer, masking_key);
  } else {
    encode_close(static_cast<CloseCode>(code), {}, answer, masking_key);
  }
  return answer;
}

void apply_mask(const MaskingKey& key, std::uint64_t offset, char* data, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    data[i] = static_cast<char>(static_cast<std::uint8_t>(data[i]) ^ key[(offset + i) % 4]);
  }
}

}  // namespace playground::websocket
