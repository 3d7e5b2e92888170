#include "core/server/websocket_subscriber.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "core/server/memory_log.h"
#include "core/websocket/frame.h"
#include "tests/support/fake_outlet.h"
#include "tests/support/manual_clock.h"
#include "tests/support/splits.h"

namespace playground::server {
namespace {

using websocket::Opcode;

std::string masked(Opcode opcode, std::string_view payload) {
  std::string out;
  websocket::encode_frame(opcode, payload, out, websocket::MaskingKey{1, 2, 3, 4});
  return out;
}

std::string close_frame(std::uint16_t code) {
  return std::string("\x88\x02") + static_cast<char>(code >> 8) + static_cast<char>(code & 0xff);
}

struct SubscriberScene {
  SubscriberScene()
      : channel({.rate = 1, .payload_bytes = 16, .count = 1, .history = 100}, schedule, limits,
                metrics, std::make_unique<MemoryLog>(100, 1000)) {
    subscriber.begin(outlet, {});
    outlet.text.clear();
  }

  ManualClock clock;
  Schedule schedule{clock};
  Limits limits;
  Metrics metrics;
  Channel channel;
  FakeOutlet outlet;
  WebSocketSubscriber subscriber{channel, 0, 1000};
};

TEST_CASE("a text frame is published, wherever the segments divide it", "[RFC 6455 5.4]") {
  for_each_split(masked(Opcode::kText, "h\xc3\xa9llo"), [](const auto& pieces) {
    SubscriberScene f;
    for (const std::string_view piece : pieces) CHECK(f.subscriber.on_bytes(piece));
    REQUIRE(f.channel.log().last() == 1);
    CHECK(f.channel.log().window().json(1) ==
          "{\"seq\":1,\"sent_us\":0,\"payload\":\"h\xc3\xa9llo\"}");
  });
}

TEST_CASE("a message over the address's rate is not published, and closes with 1008") {
  SubscriberScene f;
  f.outlet.messages_allowed = 1;
  f.subscriber.on_bytes(masked(Opcode::kText, "one") + masked(Opcode::kText, "two"));
  CHECK(f.channel.log().last() == 1);
  CHECK(f.outlet.text.find("(--max-requests-per-second)") != std::string::npos);
  CHECK(f.outlet.finished);
}

TEST_CASE("a ping is answered with its payload", "[RFC 6455 5.5.3]") {
  SubscriberScene f;
  f.subscriber.on_bytes(masked(Opcode::kPing, "abc"));
  CHECK(f.outlet.text ==
        "\x8a\x03"
        "abc");
  CHECK_FALSE(f.outlet.finished);
}

TEST_CASE("a Close frame is answered with its code, and ends the stream", "[RFC 6455 5.5.1]") {
  for (const std::uint16_t code : std::array<std::uint16_t, 4>{1000, 1001, 3000, 4999}) {
    SubscriberScene f;
    f.subscriber.on_bytes(
        masked(Opcode::kClose, std::string{static_cast<char>(code >> 8), static_cast<char>(code)}));
    CHECK(f.outlet.text == close_frame(code));
    CHECK(f.outlet.finished);
    CHECK(f.channel.audience().size() == 0);
  }
}

TEST_CASE("a Close frame without a code is answered without one", "[RFC 6455 5.5.1]") {
  SubscriberScene f;
  f.subscriber.on_bytes(masked(Opcode::kClose, {}));
  CHECK(f.outlet.text == std::string("\x88\x00", 2));
}

TEST_CASE("what breaks the rules closes with the code for it", "[RFC 6455 7.4.1]") {
  const struct {
    const char* what;
    std::string bytes;
    std::uint16_t code;
  } rows[] = {
      {"a code that must not be sent", masked(Opcode::kClose, "\x03\xed"), 1002},
      {"a frame without a mask", "\x81\x01x", 1002},
      {"a binary message", masked(Opcode::kBinary, "x"), 1003},
      {"text that is not UTF-8", masked(Opcode::kText, "\xff"), 1007},
      {"a message over the limit", masked(Opcode::kText, std::string(1001, 'x')), 1009},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    SubscriberScene f;
    f.subscriber.on_bytes(row.bytes);
    REQUIRE(f.outlet.text.size() > 4);
    CHECK(f.outlet.text[2] == static_cast<char>(row.code >> 8));
    CHECK(f.outlet.text[3] == static_cast<char>(row.code & 0xff));
    CHECK(f.outlet.finished);
    CHECK(f.channel.log().last() == 0);
  }
}

TEST_CASE("nothing is published after the channel's end") {
  SubscriberScene f;
  f.channel.end();
  CHECK(f.subscriber.on_bytes(masked(Opcode::kText, "late")));
  CHECK(f.subscriber.on_bytes(masked(Opcode::kClose, "\x03\xe8")));
  CHECK(f.channel.log().last() == 0);
}

}  // namespace
}  // namespace playground::server
