// Reads one side of a WebSocket: bytes in, messages and control frames out (RFC 6455 5 to 8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/utf8.h"
#include "core/websocket/frame.h"

namespace playground::websocket {

// Which side's frames are read: a server must see masked frames, a client unmasked ones (5.1).
enum class Role { kServer, kClient };

// What the peer did wrong: one enumerator per cause.
enum class DecodeError {
  kNone,
  kReservedBit,             // 5.2: a reserved bit without an extension
  kUnknownOpcode,           // 5.2
  kNotMasked,               // 5.1: a client's frame without a mask
  kMasked,                  // 5.1: a server's frame with one
  kLengthNotMinimal,        // 5.2
  kLengthTooLarge,          // 5.2: the highest bit of a 64-bit length is set
  kControlFragmented,       // 5.5
  kControlTooLong,          // 5.5
  kContinuationUnexpected,  // 5.4: nothing to continue
  kContinuationExpected,    // 5.4: a new message inside a fragmented one
  kInvalidUtf8,             // 8.1
  kClosePayloadTooShort,    // 5.5.1: a body of one byte
  kCloseCodeInvalid,        // 7.4
  kCloseReasonInvalidUtf8,  // 5.5.1
  kMessageTooBig,           // over the limit given to the constructor
};
inline constexpr std::size_t kDecodeErrorCount = 16;

// A sentence for logs and for the reason of a Close frame.
std::string_view to_text(DecodeError error);

// The close code with which to fail the connection (7.1.7).
CloseCode close_code_for(DecodeError error);

// The whole Close frame that fails it. `limit` names the limit that a too big message is over.
std::string close_frame_for(DecodeError error, std::string_view limit);

// Receives what was read. Views live until the call returns.
class DecoderEvents {
 public:
  virtual ~DecoderEvents() = default;
  // A whole message, `opcode` kText or kBinary; text is valid UTF-8.
  virtual void on_message(Opcode opcode, std::string_view payload) = 0;
  virtual void on_ping(std::string_view payload) = 0;
  virtual void on_pong(std::string_view) {}
  // `code` is 1005 where the frame had none. Nothing is read after a Close frame.
  virtual void on_close(std::uint16_t code, std::string_view reason) = 0;
};

class Decoder {
 public:
  // `max_message_bytes`: the largest message, all fragments together; the decoder never holds more
  // than that and one header.
  Decoder(Role role, std::size_t max_message_bytes);

  // Feeds bytes; may call `events` any number of times. After an error or a Close frame the decoder
  // ignores what follows until reset().
  DecodeError feed(std::string_view bytes, DecoderEvents& events);

  bool closed() const { return closed_; }
  void reset();

 private:
  // False while bytes are missing or after an error; takes what it uses off `bytes`.
  bool take_header(std::string_view& bytes);
  DecodeError check_start() const;
  DecodeError begin_frame();
  DecodeError take_payload(std::string_view part);
  DecodeError end_frame(DecoderEvents& events);
  DecodeError end_control(DecoderEvents& events);

  Role role_;
  std::size_t max_message_bytes_;

  std::string header_;  // bytes of a header not yet whole
  FrameHeader frame_;   // the frame being read
  std::uint64_t remaining_ = 0;
  bool in_payload_ = false;

  std::string message_;                            // the message being put together
  std::string control_;                            // the control frame's payload
  Opcode message_opcode_ = Opcode::kContinuation;  // kContinuation: no message begun
  Utf8Validator utf8_;

  DecodeError error_ = DecodeError::kNone;
  bool closed_ = false;
};

}  // namespace playground::websocket
