#include "core/client/answerer.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/lane_scene.h"
#include "tests/support/run_scene.h"

namespace playground::client {
namespace {

constexpr std::string_view kNginx = "Server: nginx/1.22.1\r\nContent-Type: text/html\r\n";

TEST_CASE("who has answered is told as far as the answer says") {
  CHECK(is_playground("playground: 1\r\n"));
  CHECK_FALSE(is_playground(kNginx));
  CHECK(answered_by(kNginx) == "nginx/1.22.1");
  CHECK(answered_by("Via: 1.1 vegur, 1.1 varnish\r\n") == "vegur");
  CHECK(answered_by("Via: vegur\r\n") == "vegur");
  CHECK(answered_by("Content-Type: text/html\r\n") == "a gateway");
}

TEST_CASE("Retry-After is a number of seconds or a date", "[RFC 9110 10.2.3]") {
  constexpr Micros kNow = 784'111'777 * kSecond;  // Sun, 06 Nov 1994 08:49:37 GMT
  const auto after = [](const std::string& value) {
    return retry_after("Retry-After: " + value + "\r\n", kNow);
  };
  CHECK(after("0") == 0);
  CHECK(after("120") == 120 * kSecond);
  CHECK(after("Sun, 06 Nov 1994 08:50:07 GMT") == 30 * kSecond);
  CHECK(after("Sun, 06 Nov 1994 08:49:00 GMT") == 0);
  CHECK(after("999999") == 3600 * kSecond);
  CHECK(after("99999999999999999999") == 3600 * kSecond);
  CHECK(after("Mon, 07 Nov 1994 08:49:37 GMT") == 3600 * kSecond);
  for (const char* none : {"", "-1", "1.5", "soon", "1 s"}) CHECK(after(none) == 0);
  CHECK(retry_after("", kNow) == 0);
}

TEST_CASE("a gateway that answers for a server that is away is waited out at every step") {
  for (const int status : {502, 503, 504}) {
    for (const char* step : {"/api/config", "/api/time", "/api/channels?wire_log=1", "/wire"}) {
      CAPTURE(status, step);
      RunScene scene;
      scene.pass_until_asked(step, 0);
      scene.held = step;
      scene.pass(1500 * kMillisecond);
      REQUIRE(scene.host.has_open(step));
      scene.host.tell(scene.host.find(step), Answered{status, "<html>", kNginx});
      CHECK(scene.run->state() != RunState::kFailed);
      REQUIRE(scene.run->trouble());
      CHECK(scene.run->trouble()->reason == Reason::kServerAway);
      CHECK(scene.run->trouble()->parameters.answered_by == "nginx/1.22.1");
      CHECK(scene.run->trouble()->parameters.status == status);
      scene.held.clear();
      scene.pass(2 * kSecond);
      CHECK(scene.run->state() == RunState::kRunning);
      CHECK_FALSE(scene.run->trouble());
    }
  }
}

TEST_CASE("the server's own 503 is its word, and no gateway's") {
  RunScene scene;
  scene.channel_status = 503;
  scene.fields = "Playground: 1\r\n";
  scene.channel_answer = R"({"error":"there are as many channels as the server allows"})";
  scene.pass(kSecond);
  CHECK(scene.run->state() == RunState::kFailed);
}

TEST_CASE("a server that refuses the page by its own word is no stranger") {
  RunScene scene;
  scene.host.tell(scene.host.find("/api/config"),
                  Answered{421, R"({"error":"the header Host is a name"})", "Playground: 1\r\n"});
  CHECK(scene.run->state() == RunState::kFailed);
  CHECK(scene.run->trouble()->reason == Reason::kServerRefuses);
  CHECK(scene.run->trouble()->parameters.said == "the header Host is a name");
}

TEST_CASE("a server that wants fewer requests is asked again when it says", "[RFC 6585 4]") {
  RunScene scene;
  scene.channel_status = 429;
  scene.fields = "Playground: 1\r\nRetry-After: 7\r\n";
  scene.pass(100 * kMillisecond);
  scene.channel_status = 201;
  scene.pass(6 * kSecond);
  CHECK(scene.run->state() == RunState::kConnecting);
  CHECK(scene.run->trouble()->reason == Reason::kServerBusy);
  CHECK(scene.run->trouble()->parameters.pause == 7 * kSecond);
  scene.pass(kSecond);
  CHECK(scene.run->state() == RunState::kRunning);
}

TEST_CASE("while a gateway answers for the server, no transport is blamed") {
  RunScene scene(R"(["sse-fetch"])");
  scene.pass(100 * kMillisecond);
  scene.gateway_status = 502;
  scene.fields = kNginx;
  for (int i = 0; i < 30; ++i) {
    if (scene.host.has_open("/sse")) {
      scene.host.tell(scene.host.find("/sse"), Opened{502, kNginx});
    }
    scene.pass(kSecond);
  }
  CHECK_FALSE(scene.decided(Reason::kFellBack));
  const Parameters& why = scene.parameters(Reason::kCouldNotConnect);
  CHECK(why.end->answered_by == "nginx/1.22.1");
  CHECK(why.end->detail == "status 502 from nginx/1.22.1");
}

TEST_CASE("when the server is back without the channel, no transport is blamed for that") {
  RunScene scene(R"(["sse-fetch"])");
  scene.pass(100 * kMillisecond);
  scene.gateway_status = 502;
  scene.fields = kNginx;
  int attempts = 0;
  const auto answer_stream = [&](int status) {
    scene.pass(50 * kMillisecond);
    if (!scene.host.has_open("/sse")) return;
    scene.host.tell(scene.host.find("/sse"), Opened{status, scene.fields});
    ++attempts;
  };
  while (attempts < 3) answer_stream(502);
  scene.gateway_status = 0;
  scene.fields = "Playground: 1\r\n";
  scene.wire_status = 404;
  scene.held = "/api/config";  // the way to another channel takes a while
  for (int i = 0; i < 80; ++i) answer_stream(404);
  CHECK(scene.decided(Reason::kChannelLost));
  CHECK_FALSE(scene.decided(Reason::kFellBack));
  scene.held.clear();
  scene.wire_status = 200;
  scene.channel_answer = R"({"id":"c2"})";
  for (int i = 0; i < 80 && !scene.host.has_open("/c2/sse"); ++i) scene.pass(50 * kMillisecond);
  CHECK(scene.host.has_open("/c2/sse"));
  CHECK_FALSE(scene.decided(Reason::kFellBack));
}

TEST_CASE("a path that a gateway refuses, while the server answers, is the transport's fault") {
  LaneScene scene(TransportId::kSseFetch);
  scene.start();
  for (int i = 0; i < 10 && scene.lane.running() == TransportId::kSseFetch; ++i) {
    if (scene.host.has_open("/sse")) {
      scene.host.tell(scene.voice().connection(), Opened{502, kNginx});
    }
    scene.host.advance(kSecond);
  }
  CHECK(scene.parameters(Reason::kFellBack).end->answered_by == "nginx/1.22.1");
}

TEST_CASE("too many requests are no transport's fault, and the pause is kept", "[RFC 6585 4]") {
  LaneScene scene(TransportId::kSseFetch);
  scene.start();
  for (int i = 0; i < 5; ++i) {
    scene.host.tell(scene.voice().connection(),
                    Opened{429, "Playground: 1\r\nRetry-After: 20\r\n"});
    scene.host.advance(19 * kSecond);
    CHECK_FALSE(scene.host.has_open("/sse"));
    scene.host.advance(kSecond);
    REQUIRE(scene.host.has_open("/sse"));
  }
  CHECK(scene.lane.running() == TransportId::kSseFetch);
  CHECK_FALSE(scene.decided(Reason::kFellBack));
}

TEST_CASE("what one transport has failed at does not delay the next") {
  LaneScene scene(TransportId::kWebSocket);
  scene.start();
  scene.fall_once();
  REQUIRE(scene.decided(Reason::kFellBack));
  const Micros fell = scene.host.now;
  for (int i = 0; i < 2; ++i) {
    while (!scene.host.has_open(scene.voice().path())) scene.host.advance(10 * kMillisecond);
    scene.voice().cut();
  }
  while (!scene.host.has_open(scene.voice().path())) scene.host.advance(10 * kMillisecond);
  // Half a second at most, and a second.
  CHECK(scene.host.now - fell <= 1600 * kMillisecond);
}

}  // namespace
}  // namespace playground::client
