#include "core/websocket/frame.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::websocket {
namespace {

using namespace std::string_literals;

std::string header(std::uint64_t size, std::optional<MaskingKey> key = std::nullopt) {
  std::string out;
  encode(FrameHeader{true, Opcode::kBinary, size, key}, out);
  return out;
}

TEST_CASE("a length takes the fewest bytes that hold it", "[rfc-6455-5.2]") {
  CHECK(header(0) == "\x82\x00"s);
  CHECK(header(125) == "\x82\x7d"s);
  CHECK(header(126) == "\x82\x7e\x00\x7e"s);
  CHECK(header(65535) == "\x82\x7e\xff\xff"s);
  CHECK(header(65536) == "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s);
  CHECK(header(65536, MaskingKey{1, 2, 3, 4}).size() == kMaxHeaderBytes);
}

TEST_CASE("the standard's own examples come out as printed", "[rfc-6455-5.7]") {
  std::string out;
  encode_frame(Opcode::kText, "Hello", out);
  CHECK(out == "\x81\x05\x48\x65\x6c\x6c\x6f"s);
  out.clear();
  encode_frame(Opcode::kText, "Hello", out, MaskingKey{0x37, 0xfa, 0x21, 0x3d});
  CHECK(out == "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
  out.clear();
  encode_frame(Opcode::kPong, "Hello", out, MaskingKey{0x37, 0xfa, 0x21, 0x3d});
  CHECK(out == "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
}

TEST_CASE("a Close frame has its code and a reason cut between characters", "[rfc-6455-5.5.1]") {
  std::string out;
  encode_close(CloseCode::kGoingAway, "bye", out);
  CHECK(out ==
        "\x88\x05\x03\xe9"
        "bye"s);
  out.clear();
  std::string reason(122, 'x');
  reason += "é";  // its two bytes would be the 123rd and the 124th
  encode_close(CloseCode::kNormalClosure, reason, out);
  CHECK(out == "\x88\x7c\x03\xe8"s + std::string(122, 'x'));
}

TEST_CASE("masking twice is no masking, from any offset", "[rfc-6455-5.3]") {
  const std::string text = "The quick brown fox";
  std::string masked = text;
  const MaskingKey key{9, 8, 7, 6};
  apply_mask(key, 0, masked.data(), 7);
  apply_mask(key, 7, masked.data() + 7, masked.size() - 7);
  CHECK(masked != text);
  apply_mask(key, 0, masked.data(), masked.size());
  CHECK(masked == text);
}

}  // namespace
}  // namespace playground::websocket
