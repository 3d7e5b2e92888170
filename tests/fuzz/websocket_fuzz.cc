// The WebSocket decoder, in both roles: events do not depend on cuts, limits hold, and what was
// read can be sent on.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/utf8.h"
#include "core/websocket/decoder.h"
#include "core/websocket/frame.h"
#include "tests/fuzz/support.h"

namespace playground::websocket {
namespace {

constexpr std::size_t kMaxMessageBytes = 300;  // so that 16-bit lengths are on both sides

struct Frame {
  Opcode opcode;
  std::string payload;  // of a Close frame, the reason
  std::uint16_t close_code = 0;

  bool operator==(const Frame&) const = default;
};

struct Reading {
  std::vector<Frame> frames;
  DecodeError error = DecodeError::kNone;
  bool closed = false;

  bool operator==(const Reading&) const = default;
};

class Recorder final : public DecoderEvents {
 public:
  void on_message(Opcode opcode, std::string_view payload) override {
    fuzz::demand(payload.size() <= kMaxMessageBytes, "a message is within its limit");
    fuzz::demand(opcode == Opcode::kBinary || (opcode == Opcode::kText && is_utf8(payload)),
                 "a message is binary, or text in UTF-8");
    take({opcode, std::string(payload)});
  }
  void on_ping(std::string_view payload) override {
    control({Opcode::kPing, std::string(payload)});
  }
  void on_pong(std::string_view payload) override {
    control({Opcode::kPong, std::string(payload)});
  }
  void on_close(std::uint16_t code, std::string_view reason) override {
    fuzz::demand(code == 1005 || may_be_sent(code), "a close code is one that may be sent");
    fuzz::demand(code != 1005 || reason.empty(), "without a code there is no reason");
    fuzz::demand(is_utf8(reason), "a close reason is UTF-8");
    control({Opcode::kClose, std::string(reason), code});
    closed_ = true;
  }

  std::vector<Frame> frames;

 private:
  void control(Frame frame) {
    fuzz::demand(frame.payload.size() <= kMaxControlPayload, "a control frame is short");
    take(std::move(frame));
  }
  void take(Frame frame) {
    fuzz::demand(!closed_, "nothing is read after a Close frame");
    frames.push_back(std::move(frame));
  }

  bool closed_ = false;
};

Reading decode(Role role, const std::vector<std::string_view>& pieces) {
  Decoder decoder(role, kMaxMessageBytes);
  Recorder recorder;
  DecodeError error = DecodeError::kNone;
  for (const std::string_view piece : pieces) {
    const std::size_t before = recorder.frames.size();
    const std::string bytes(piece);
    const DecodeError now = decoder.feed(bytes, recorder);
    if (error != DecodeError::kNone) {
      fuzz::demand(now == error && recorder.frames.size() == before, "an error is the end");
    }
    error = now;
  }
  return {recorder.frames, error, decoder.closed()};
}

// The frames as the other side would send them on: each in one piece.
void send_on(Role role, const Reading& reading) {
  const MaskingKey key{0x12, 0x80, 0x00, 0xff};
  const auto mask = role == Role::kServer ? std::optional(key) : std::nullopt;
  std::string bytes;
  for (const Frame& frame : reading.frames) {
    if (frame.opcode == Opcode::kClose && frame.close_code != 1005) {
      encode_close(static_cast<CloseCode>(frame.close_code), frame.payload, bytes, mask);
    } else {
      encode_frame(frame.opcode, frame.payload, bytes, mask);
    }
  }
  const Reading again = decode(role, {bytes});
  fuzz::demand(again.error == DecodeError::kNone && again.frames == reading.frames,
               "frames sent on are the same");
}

}  // namespace
}  // namespace playground::websocket

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playground;
  using websocket::Role;
  for (const Role role : {Role::kServer, Role::kClient}) {
    const auto reading = fuzz::same_for_every_cut(
        fuzz::as_text(data, size),
        [&](const auto& pieces) { return websocket::decode(role, pieces); });
    websocket::send_on(role, reading);
  }
  return 0;
}
