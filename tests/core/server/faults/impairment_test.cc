#include "core/server/faults/impairment.h"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/manual_clock.h"

namespace playground::server {
namespace {

constexpr std::int64_t kMs = 1000;

struct FakeSocket final : ImpairedSocket {
  bool writable() const override { return open; }
  void transmit_now(std::string_view bytes) override {
    passed.emplace_back(clock.us, std::string(bytes));
    text += bytes;
  }
  void impairment_moved() override { ++moves; }
  void cut(bool) override { cut_at = clock.us; }

  ManualClock clock;
  bool open = true;
  int moves = 0;
  std::int64_t cut_at = -1;
  std::vector<std::pair<std::int64_t, std::string>> passed;
  std::string text;
};

struct Scene {
  explicit Scene(const Effects& effects) { change(effects); }
  void pass(std::int64_t us) { pass_time(socket.clock, schedule, socket.clock.us + us); }
  void change(const Effects& effects) {
    path.set(effects);
    impairment.pump();
  }

  FakeSocket socket;
  Schedule schedule{socket.clock};
  ResponsePath path{"lane", "sse", 1};
  Impairment impairment{path, socket, schedule};
};

TEST_CASE("delayed bytes come late, and everything else stays as it was") {
  Scene scene({.delay_us = 50 * kMs});
  for (const char* piece : {"a", "b", "c"}) {
    scene.impairment.take(piece);
    scene.pass(10 * kMs);
  }
  CHECK(scene.socket.text.empty());
  scene.pass(kSecondUs);
  CHECK(scene.socket.passed == std::vector<std::pair<std::int64_t, std::string>>{
                                   {50 * kMs, "a"}, {60 * kMs, "b"}, {70 * kMs, "c"}});
  CHECK(scene.impairment.empty());
  CHECK_FALSE(scene.impairment.idle());
  scene.change({});
  CHECK(scene.impairment.idle());
}

TEST_CASE("jitter changes when bytes come, and never their order") {
  Scene scene({.delay_us = 50 * kMs, .jitter_us = 40 * kMs});
  std::string sent;
  for (int i = 0; i < 200; ++i) {
    const std::string piece(1, static_cast<char>('a' + i % 26));
    sent += piece;
    scene.impairment.take(piece);
    scene.pass(5 * kMs);
  }
  scene.pass(kSecondUs);
  CHECK(scene.socket.text == sent);
  bool late = false;
  bool early = false;
  for (std::size_t i = 0; i < scene.socket.passed.size(); ++i) {
    const std::int64_t delay =
        scene.socket.passed[i].first - static_cast<std::int64_t>(i) * 5 * kMs;
    REQUIRE(delay >= 10 * kMs);
    REQUIRE(delay <= 90 * kMs);
    early = early || delay < 50 * kMs;
    late = late || delay > 60 * kMs;
  }
  CHECK(early);
  CHECK(late);
}

TEST_CASE("bandwidth is kept within a slice, whatever the pieces' sizes") {
  Scene scene({.bytes_per_s = 10'000});
  for (const std::size_t size : {1U, 5'000U, 100U, 14'899U}) {
    scene.impairment.take(std::string(size, 'x'));
  }
  scene.pass(kSecondUs);
  CHECK(scene.socket.text.size() >= 9'800);
  CHECK(scene.socket.text.size() <= 10'400);
  scene.pass(kSecondUs + 50 * kMs);
  CHECK(scene.socket.text.size() == 20'000);
}

TEST_CASE("a buffering path holds bodies until the response ends, but lets the head pass") {
  Scene scene({.buffer = 0});
  scene.impairment.begin_response();
  for (const char* piece : {"HTTP/1.1 200 OK\r\n", "A: b\r\n\r", "\nbody", " more"}) {
    scene.impairment.take(piece);
    scene.pass(kMs);
  }
  CHECK(scene.socket.text == "HTTP/1.1 200 OK\r\nA: b\r\n\r\n");
  scene.pass(3600 * kSecondUs);
  CHECK(scene.socket.text == "HTTP/1.1 200 OK\r\nA: b\r\n\r\n");
  scene.impairment.end_response();
  scene.pass(kMs);
  CHECK(scene.socket.text == "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody more");
}

TEST_CASE("a buffer of N bytes lets go when N are together") {
  Scene scene({.buffer = 10});
  scene.impairment.take("1234");
  scene.impairment.take("5678");
  scene.pass(kSecondUs);
  CHECK(scene.socket.text.empty());
  scene.impairment.take("90");
  scene.pass(kMs);
  CHECK(scene.socket.text == "1234567890");
}

TEST_CASE("one behind: each write comes when the next one does") {
  Scene scene({.one_behind = true});
  scene.impairment.take("a");
  scene.pass(kSecondUs);
  CHECK(scene.socket.text.empty());
  scene.impairment.take("b");
  scene.pass(kMs);
  CHECK(scene.socket.text == "a");
  scene.impairment.end_response();
  scene.pass(kMs);
  CHECK(scene.socket.text == "ab");
}

TEST_CASE("a stall passes nothing, and when it is lifted everything, in order") {
  Scene scene({.stall = true});
  scene.impairment.take("a");
  scene.impairment.take("b");
  scene.pass(3600 * kSecondUs);
  CHECK(scene.socket.text.empty());
  scene.change({});
  scene.pass(kMs);
  CHECK(scene.socket.text == "ab");
}

TEST_CASE("a swallowing path passes the head and nothing else") {
  Scene scene({.swallow = true});
  scene.impairment.begin_response();
  scene.impairment.take("HTTP/1.1 101 Switching Protocols\r\n\r\nframe");
  scene.impairment.take("frame");
  scene.pass(kSecondUs);
  CHECK(scene.socket.text == "HTTP/1.1 101 Switching Protocols\r\n\r\n");
  CHECK(scene.impairment.empty());
}

TEST_CASE("a connection is swallowed from its beginning or not at all, and for good") {
  Scene scene({});
  scene.impairment.begin_response();
  scene.impairment.take("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  scene.change({.swallow = true});
  scene.impairment.take("frame");
  scene.pass(kMs);
  CHECK(scene.socket.text.ends_with("frame"));

  Scene other({.swallow = true});
  other.impairment.begin_response();
  other.change({});
  other.impairment.take("HTTP/1.1 101 Switching Protocols\r\n\r\nframe");
  other.pass(kMs);
  CHECK(other.socket.text.ends_with("\r\n\r\n"));
  CHECK_FALSE(other.impairment.idle());
}

TEST_CASE("an idle path is cut when nothing has passed for its time") {
  Scene scene({.idle_cut_us = kSecondUs});
  for (int i = 0; i < 5; ++i) {
    scene.impairment.take("x");
    scene.pass(900 * kMs);
  }
  CHECK(scene.socket.cut_at == -1);
  scene.pass(200 * kMs);
  CHECK(scene.socket.cut_at == 4 * 900 * kMs + kSecondUs);
}

TEST_CASE("a flapping path is cut after its time, however busy it is") {
  Scene scene({.flap_us = 300 * kMs});
  scene.pass(10 * kSecondUs);
  CHECK(scene.socket.cut_at == 300 * kMs);
}

TEST_CASE("what is held is bounded, and goes on when the socket does") {
  Scene scene({.delay_us = kMs});
  scene.socket.open = false;
  while (scene.impairment.has_room()) scene.impairment.take(std::string(100'000, 'x'));
  scene.pass(kSecondUs);
  CHECK(scene.socket.text.empty());
  scene.socket.open = true;
  scene.impairment.pump();
  CHECK(scene.impairment.has_room());
  CHECK(scene.socket.text.size() >= Impairment::kMaxHeld);
  CHECK(scene.socket.moves > 0);
}

}  // namespace
}  // namespace playground::server
