#include "core/websocket/decoder.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/splits.h"

namespace playground::websocket {
namespace {

using namespace std::string_literals;
using Strings = std::vector<std::string>;

constexpr std::size_t kLimit = 70'000;

struct Recorder : DecoderEvents {
  void on_message(Opcode opcode, std::string_view payload) override {
    log.push_back((opcode == Opcode::kText ? "text " : "binary ") + std::string(payload));
  }
  void on_ping(std::string_view payload) override { log.push_back("ping " + std::string(payload)); }
  void on_pong(std::string_view payload) override { log.push_back("pong " + std::string(payload)); }
  void on_close(std::uint16_t code, std::string_view reason) override {
    log.push_back("close " + std::to_string(code) + " " + std::string(reason));
  }
  Strings log;
};

// A client's frame, masked, of which only the first byte is given.
std::string frame(int first_byte, std::string_view payload) {
  std::string out;
  encode(FrameHeader{true, Opcode::kText, payload.size(), MaskingKey{1, 2, 3, 4}}, out);
  out[0] = static_cast<char>(first_byte);
  const std::size_t start = out.size();
  out += payload;
  apply_mask(MaskingKey{1, 2, 3, 4}, 0, out.data() + start, payload.size());
  return out;
}

void check(std::string_view bytes, const Strings& expected,
           DecodeError expected_error = DecodeError::kNone, Role role = Role::kServer) {
  for_each_split(bytes, [&](const std::vector<std::string_view>& pieces) {
    Decoder decoder(role, kLimit);
    Recorder recorder;
    DecodeError error = DecodeError::kNone;
    for (const std::string_view piece : pieces) error = decoder.feed(piece, recorder);
    CHECK(recorder.log == expected);
    CHECK(error == expected_error);
  });
}

TEST_CASE("messages and control frames come out in their order", "[rfc-6455-5.4]") {
  check(frame(0x81, "Hello") + frame(0x82, "\x01\x02") + frame(0x89, "are you there") +
            frame(0x8a, "") + frame(0x81, ""),
        {"text Hello", "binary \x01\x02", "ping are you there", "pong ", "text "});
}

TEST_CASE("fragments are one message, with control frames between them", "[rfc-6455-5.4]") {
  check(
      frame(0x01, "a") + frame(0x00, "b") + frame(0x89, "!") + frame(0x80, "c") + frame(0x82, "d"),
      {"ping !", "text abc", "binary d"});
}

TEST_CASE("a character may be cut by a fragment's border", "[rfc-6455-8.1]") {
  check(frame(0x01, "\xe2\x82") + frame(0x80, "\xac"), {"text \xe2\x82\xac"});
}

TEST_CASE("lengths of all three kinds are read") {
  const std::string middle(200, 'm');
  const std::string large(66'000, 'l');
  // Cut nowhere: with splits at every offset this alone would take a second.
  Decoder decoder(Role::kServer, kLimit);
  Recorder recorder;
  CHECK(decoder.feed(frame(0x81, middle) + frame(0x81, large), recorder) == DecodeError::kNone);
  CHECK(recorder.log == Strings{"text " + middle, "text " + large});
}

TEST_CASE("a Close frame ends the reading", "[rfc-6455-5.5.1]") {
  check(frame(0x88,
              "\x03\xe8"
              "bye") +
            frame(0x81, "late"),
        {"close 1000 bye"});
  check(frame(0x88, ""), {"close 1005 "});
  check(frame(0x88, "\x0f\xa0"s), {"close 4000 "});
}

TEST_CASE("what breaks the rules is an error with its cause", "[rfc-6455]") {
  const struct {
    std::string bytes;
    DecodeError error;
    std::uint16_t code;
  } rows[] = {
      {frame(0xc1, "x"), DecodeError::kReservedBit, 1002},
      {frame(0x91, "x"), DecodeError::kReservedBit, 1002},
      {frame(0x83, "x"), DecodeError::kUnknownOpcode, 1002},
      {frame(0x8b, "x"), DecodeError::kUnknownOpcode, 1002},
      {"\x81\x01x", DecodeError::kNotMasked, 1002},
      {"\x81\xfe\x00\x7d...."s, DecodeError::kLengthNotMinimal, 1002},
      {"\x81\xff\x00\x00\x00\x00\x00\x00\xff\xff...."s, DecodeError::kLengthNotMinimal, 1002},
      {"\x81\xff\x80\x00\x00\x00\x00\x01\x00\x00...."s, DecodeError::kLengthTooLarge, 1002},
      {frame(0x09, "x"), DecodeError::kControlFragmented, 1002},
      {frame(0x89, std::string(126, 'x')), DecodeError::kControlTooLong, 1002},
      {frame(0x80, "x"), DecodeError::kContinuationUnexpected, 1002},
      {frame(0x01, "x") + frame(0x81, "y"), DecodeError::kContinuationExpected, 1002},
      {frame(0x81, "\xff"), DecodeError::kInvalidUtf8, 1007},
      {frame(0x81, "\xe2\x82"), DecodeError::kInvalidUtf8, 1007},
      {frame(0x88, "x"), DecodeError::kClosePayloadTooShort, 1002},
      {frame(0x88, "\x03\xed"), DecodeError::kCloseCodeInvalid, 1002},
      {frame(0x88, "\x03\xe8\xff"), DecodeError::kCloseReasonInvalidUtf8, 1007},
      {"\x82\xff\x00\x00\x00\x00\x00\x01\x11\x71...."s, DecodeError::kMessageTooBig, 1009},
  };
  for (const auto& row : rows) {
    CAPTURE(to_text(row.error));
    check(row.bytes, {}, row.error);
    CHECK(static_cast<std::uint16_t>(close_code_for(row.error)) == row.code);
    CHECK_FALSE(to_text(row.error).empty());
  }
}

TEST_CASE("a client takes unmasked frames only", "[rfc-6455-5.1]") {
  std::string bytes;
  encode_frame(Opcode::kText, "Hello", bytes);
  check(bytes, {"text Hello"}, DecodeError::kNone, Role::kClient);
  check(frame(0x81, "Hello"), {}, DecodeError::kMasked, Role::kClient);
}

TEST_CASE("fragments that are too big together are too big") {
  Decoder decoder(Role::kServer, 10);
  Recorder recorder;
  CHECK(decoder.feed(frame(0x01, "123456"), recorder) == DecodeError::kNone);
  CHECK(decoder.feed(frame(0x80, "78901"), recorder) == DecodeError::kMessageTooBig);
  CHECK(decoder.feed(frame(0x81, "x"), recorder) == DecodeError::kMessageTooBig);
  decoder.reset();
  CHECK(decoder.feed(frame(0x81, "1234567890"), recorder) == DecodeError::kNone);
  CHECK(recorder.log == Strings{"text 1234567890"});
}

}  // namespace
}  // namespace playground::websocket
