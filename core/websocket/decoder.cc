#include "core/websocket/decoder.h"

#include <algorithm>
#include <array>

namespace playground::websocket {
namespace {

// What one large message took is not kept for the life of the connection.
constexpr std::size_t kKeptCapacity = 64 * 1024;

struct DecodeErrorInfo {
  std::string_view text;
  CloseCode code = CloseCode::kProtocolError;
};

// In the order of DecodeError.
constexpr std::array<DecodeErrorInfo, kDecodeErrorCount> kErrors{{
    {"no error"},
    {"a reserved bit is set and no extension was agreed"},
    {"an opcode that is not defined"},
    {"a client's frame is not masked"},
    {"a server's frame is masked"},
    {"a payload length is not in its shortest form"},
    {"the highest bit of a payload length is set"},
    {"a control frame is fragmented"},
    {"a control frame is longer than 125 bytes"},
    {"a continuation frame continues nothing"},
    {"a new message begins inside a fragmented one"},
    {"a text message is not UTF-8", CloseCode::kInvalidPayload},
    {"a Close frame has a body of one byte"},
    {"a close code that must not be sent"},
    {"a close reason is not UTF-8", CloseCode::kInvalidPayload},
    {"a message is over the size limit", CloseCode::kMessageTooBig},
}};

std::uint8_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

// How long the header is whose first two bytes are these.
std::size_t header_bytes(std::string_view first_two) {
  const std::uint8_t second = byte_at(first_two, 1);
  return 2 + length_bytes(second & kLengthBits) + ((second & kMaskBit) != 0 ? 4 : 0);
}

bool is_defined(std::uint8_t opcode) { return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xa); }

}  // namespace

std::string_view to_text(DecodeError error) {
  return kErrors[static_cast<std::size_t>(error)].text;
}

CloseCode close_code_for(DecodeError error) {
  return kErrors[static_cast<std::size_t>(error)].code;
}

std::string close_frame_for(DecodeError error, std::string_view limit) {
  std::string reason(to_text(error));
  if (error == DecodeError::kMessageTooBig) reason.append(" (").append(limit).append(")");
  std::string frame;
  encode_close(close_code_for(error), reason, frame);
  return frame;
}

Decoder::Decoder(Role role, std::size_t max_message_bytes)
    : role_(role), max_message_bytes_(max_message_bytes) {}

void Decoder::reset() { *this = Decoder(role_, max_message_bytes_); }

bool Decoder::take_header(std::string_view& bytes) {
  const auto take_up_to = [&](std::size_t size) {
    const std::size_t taken = std::min(size - std::min(size, header_.size()), bytes.size());
    header_ += bytes.substr(0, taken);
    bytes.remove_prefix(taken);
    return header_.size() >= size;
  };
  // What the first two bytes show to be wrong is reported before the rest has come.
  if (!take_up_to(2)) return false;
  error_ = check_start();
  if (error_ != DecodeError::kNone || !take_up_to(header_bytes(header_))) return false;
  error_ = begin_frame();
  return error_ == DecodeError::kNone;
}

DecodeError Decoder::check_start() const {
  const std::uint8_t first = byte_at(header_, 0);
  const std::uint8_t second = byte_at(header_, 1);
  const std::uint8_t opcode_bits = first & kOpcodeBits;
  if ((first & kReservedBits) != 0) return DecodeError::kReservedBit;
  if (!is_defined(opcode_bits)) return DecodeError::kUnknownOpcode;
  const bool masked = (second & kMaskBit) != 0;
  if (role_ == Role::kServer && !masked) return DecodeError::kNotMasked;
  if (role_ == Role::kClient && masked) return DecodeError::kMasked;
  const auto opcode = static_cast<Opcode>(opcode_bits);
  if (is_control(opcode)) {
    if ((first & kFinBit) == 0) return DecodeError::kControlFragmented;
    if ((second & kLengthBits) > kMaxControlPayload) return DecodeError::kControlTooLong;
    return DecodeError::kNone;
  }
  const bool begun = message_opcode_ != Opcode::kContinuation;
  if (opcode == Opcode::kContinuation && !begun) return DecodeError::kContinuationUnexpected;
  if (opcode != Opcode::kContinuation && begun) return DecodeError::kContinuationExpected;
  return DecodeError::kNone;
}

DecodeError Decoder::begin_frame() {
  const std::string_view header = header_;
  const std::uint8_t short_length = byte_at(header, 1) & kLengthBits;
  frame_.fin = (byte_at(header, 0) & kFinBit) != 0;
  frame_.opcode = static_cast<Opcode>(byte_at(header, 0) & kOpcodeBits);
  frame_.payload_bytes = short_length;
  if (const std::size_t size = length_bytes(short_length); size > 0) {
    frame_.payload_bytes = big_endian(header.substr(2, size));
    const std::uint64_t smallest = size == 2 ? kLength16 : 0x1'0000;
    if (frame_.payload_bytes < smallest) return DecodeError::kLengthNotMinimal;
    if ((frame_.payload_bytes >> 63) != 0) return DecodeError::kLengthTooLarge;
  }
  if ((byte_at(header, 1) & kMaskBit) != 0) {
    MaskingKey key;
    for (std::size_t i = 0; i < 4; ++i) key[i] = byte_at(header, header.size() - 4 + i);
    frame_.masking_key = key;
  } else {
    frame_.masking_key.reset();
  }
  if (!is_control(frame_.opcode)) {
    if (frame_.payload_bytes > max_message_bytes_ - message_.size()) {
      return DecodeError::kMessageTooBig;
    }
    if (frame_.opcode != Opcode::kContinuation) message_opcode_ = frame_.opcode;
  }
  remaining_ = frame_.payload_bytes;
  in_payload_ = true;
  return DecodeError::kNone;
}

DecodeError Decoder::take_payload(std::string_view part) {
  std::string& target = is_control(frame_.opcode) ? control_ : message_;
  const std::size_t start = target.size();
  target += part;
  if (frame_.masking_key) {
    apply_mask(*frame_.masking_key, frame_.payload_bytes - remaining_, target.data() + start,
               part.size());
  }
  remaining_ -= part.size();
  if (!is_control(frame_.opcode) && message_opcode_ == Opcode::kText &&
      !utf8_.feed(std::string_view(target).substr(start))) {
    return DecodeError::kInvalidUtf8;
  }
  return DecodeError::kNone;
}

DecodeError Decoder::end_frame(DecoderEvents& events) {
  in_payload_ = false;
  header_.clear();
  if (is_control(frame_.opcode)) {
    const DecodeError error = end_control(events);
    control_.clear();
    return error;
  }
  if (!frame_.fin) return DecodeError::kNone;
  const Opcode opcode = message_opcode_;
  if (opcode == Opcode::kText && !utf8_.complete()) return DecodeError::kInvalidUtf8;
  events.on_message(opcode, message_);
  message_opcode_ = Opcode::kContinuation;
  message_.clear();
  if (message_.capacity() > kKeptCapacity) message_.shrink_to_fit();
  utf8_.reset();
  return DecodeError::kNone;
}

DecodeError Decoder::end_control(DecoderEvents& events) {
  const std::string_view payload = control_;
  if (frame_.opcode == Opcode::kPing) {
    events.on_ping(payload);
  } else if (frame_.opcode == Opcode::kPong) {
    events.on_pong(payload);
  } else {
    if (payload.size() == 1) return DecodeError::kClosePayloadTooShort;
    auto code = static_cast<std::uint16_t>(CloseCode::kNoStatusReceived);
    std::string_view reason;
    if (!payload.empty()) {
      code = static_cast<std::uint16_t>(big_endian(payload.substr(0, 2)));
      reason = payload.substr(2);
      if (!may_be_sent(code)) return DecodeError::kCloseCodeInvalid;
      if (!is_utf8(reason)) return DecodeError::kCloseReasonInvalidUtf8;
    }
    closed_ = true;
    events.on_close(code, reason);
  }
  return DecodeError::kNone;
}

DecodeError Decoder::feed(std::string_view bytes, DecoderEvents& events) {
  while (error_ == DecodeError::kNone && !closed_) {
    if (!in_payload_ && !take_header(bytes)) break;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
    error_ = take_payload(bytes.substr(0, size));
    bytes.remove_prefix(size);
    if (remaining_ > 0) break;
    if (error_ == DecodeError::kNone) error_ = end_frame(events);
  }
  return error_;
}

}  // namespace playground::websocket
