#include "core/server/check/check_api.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/http/message.h"
#include "tests/support/fake_outlet.h"
#include "tests/support/json.h"
#include "tests/support/manual_clock.h"

namespace playground::server {
namespace {

class Scene {
 public:
  Reply ask(std::string_view target, std::string_view fields = {}, std::string_view client = {}) {
    head_ =
        "GET /api/check/" + std::string(target) + " HTTP/1.1\r\n" + std::string(fields) + "\r\n";
    Request request = http::read_request(head_);
    request.client = client;
    Reply reply;
    api_.answer(std::string_view(request.path).substr(11), request, reply);
    return reply;
  }
  // What is written from then on.
  void begin(Reply& reply) { reply.session->begin(outlet, "HEAD "); }
  void pass(std::int64_t us) { pass_time(clock, schedule, clock.us + us); }
  nlohmann::json seen(std::string_view probe) {
    return read_json(ask("probes/" + std::string(probe)).body);
  }

  ManualClock clock;
  Schedule schedule{clock};
  Limits limits;
  Metrics metrics;
  FakeOutlet outlet;

 private:
  CheckApi api_{schedule, limits, metrics};
  std::string head_;
};

TEST_CASE("a parameter of a probe that cannot be is named") {
  Scene scene;
  struct {
    const char* target;
    const char* says;
  } const kWrong[] = {
      {"sse", "probe must be 1 to 32 characters of a-z, 0-9 and -"},
      {"sse?probe=A", "probe must be 1 to 32 characters of a-z, 0-9 and -"},
      {"sse?probe=a&at=1,0", "at must be up to 64 numbers"},
      {"sse?probe=a&at=x", "at must be up to 64 numbers"},
      {"sse?probe=a&at=0,,1", "at must be up to 64 numbers"},
      {"sse?probe=a&at=600001", "at must be up to 64 numbers"},
      {"sse?probe=a&pad=1048577", "pad must be a number from 0 to 1048576"},
      {"sse?probe=a&pad=1048576&at=0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0", "pad must be 16777216"},
      {"sse?probe=a&beat=drum", "beat must be one of none, comment, event, ping, pong"},
      {"sse?probe=a&beat_ms=99", "beat_ms must be 100 or more"},
      {"sse?probe=a&end=never", "end must be one of close, fin, reset, stay"},
      {"poll?probe=a&status=418", "status must be 204, 401, 429, 500 or 503"},
      {"long-poll?probe=a&hold_ms=-1", "hold_ms must be a number from 0 to 600000"},
      {"stream?probe=a&fill_ms=20001", "fill_ms must be a number from 0 to 20000"},
      {"body?probe=a&bytes=4194305", "bytes must be a number from 0 to 4194304"},
  };
  for (const auto& [target, says] : kWrong) {
    CAPTURE(target);
    const Reply reply = scene.ask(target);
    CHECK(reply.status == 400);
    CHECK(reply.body.find(says) != std::string::npos);
  }
}

TEST_CASE("a stream is written at its moments, with a beat where nothing else is") {
  Scene scene;
  Reply reply = scene.ask("sse?probe=a&at=0,250&beat=comment&beat_ms=100&pad=4");
  scene.begin(reply);
  CHECK(scene.outlet.text.starts_with("HEAD "));
  CHECK(scene.outlet.text.find("id: 0\n") != std::string::npos);
  CHECK(scene.outlet.text.find(R"("pad":")") != std::string::npos);
  CHECK(scene.outlet.text.find("id: 1\n") == std::string::npos);
  scene.pass(249'000);
  CHECK(scene.seen("a")["beats"] == 2);
  CHECK_FALSE(scene.outlet.finished);
  scene.pass(1'000);
  CHECK(scene.outlet.text.find("id: 1\n") != std::string::npos);
  CHECK(scene.outlet.finished);
  CHECK(scene.seen("a")["writes"] == 2);
  CHECK(scene.seen("a")["end"] == "answered");
}

TEST_CASE("a stream that is to stay is ended after ten minutes") {
  Scene scene;
  Reply reply = scene.ask("stream?probe=a&end=stay");
  scene.begin(reply);
  scene.pass(599 * kSecondUs);
  CHECK(scene.seen("a")["end"] == "open");
  scene.pass(2 * kSecondUs);
  CHECK(scene.outlet.finished);
}

TEST_CASE("a cut is the server's, an end the peer's") {
  Scene scene;
  Reply cut = scene.ask("stream?probe=cut&end=reset");
  scene.begin(cut);
  CHECK(scene.outlet.closed);
  CHECK(scene.seen("cut")["end"] == "cut");
  Reply fin = scene.ask("stream?probe=fin&end=stay");
  scene.begin(fin);
  fin.session->on_peer_end(/*reset=*/false);
  fin.session->on_peer_end(/*reset=*/true);
  CHECK(scene.seen("fin")["end"] == "peer-fin");
  Reply reset = scene.ask("stream?probe=reset&end=stay");
  scene.begin(reset);
  reset.session->on_peer_end(/*reset=*/true);
  CHECK(scene.seen("reset")["end"] == "peer-reset");
  scene.pass(kSecondUs);
}

TEST_CASE("a filled stream waits for a reader who takes no more, and ends in time") {
  Scene scene;
  scene.outlet.room_for_pieces = 3;
  Reply reply = scene.ask("stream?probe=a&fill_ms=1000");
  scene.begin(reply);
  CHECK(scene.seen("a")["writes"] == 4);
  scene.outlet.room_for_pieces = 2;
  reply.session->on_writable();
  CHECK(scene.seen("a")["writes"] == 6);
  scene.pass(kSecondUs);
  CHECK(scene.outlet.finished);
}

TEST_CASE("a held poll is answered when it has been held") {
  Scene scene;
  Reply reply = scene.ask("long-poll?probe=a&hold_ms=300");
  REQUIRE(reply.form == Reply::Form::kHeld);
  reply.session->begin(scene.outlet, "HTTP/1.1 200 OK\r\n\r\n");
  scene.pass(299'000);
  CHECK_FALSE(scene.outlet.finished);
  scene.pass(1'000);
  CHECK(scene.outlet.finished);
  CHECK(scene.outlet.text.find("Content-Length") != std::string::npos);
}

TEST_CASE("what arrived is told: its number, its fields, its status") {
  Scene scene;
  CHECK(scene.ask("probes/a").status == 404);
  scene.ask("poll?probe=a");
  const Reply refused = scene.ask("sse?probe=a&status=503", "X-One: 1\r\nVia: 1.1 x\r\n");
  CHECK(refused.status == 503);
  CHECK(refused.fields.find("Retry-After: 7\r\n") != std::string::npos);
  const auto seen = scene.seen("a");
  CHECK(seen["requests"] == 2);
  CHECK(seen["status"] == 503);
  CHECK(seen["fields"] == read_json(R"([["X-One","1"],["Via","1.1 x"]])"));
  CHECK(scene.ask("websocket?probe=b").status == 426);
  CHECK(scene.seen("b")["upgrade"] == false);
}

TEST_CASE("a cookie is set for a minute, for the folder of its address, and seen when it returns") {
  Scene scene;
  CHECK(scene.ask("seen?probe=a").fields.find("Set-Cookie") == std::string::npos);
  const Reply set = scene.ask("cookie/set?probe=a");
  CHECK(set.status == 200);
  CHECK(set.fields.find("Set-Cookie: check-a=a; Max-Age=60; SameSite=Strict; HttpOnly\r\n") !=
        std::string::npos);
  const Reply seen = scene.ask("cookie/seen?probe=a", "Cookie: check-a=a\r\n");
  CHECK(seen.fields.find("Set-Cookie") == std::string::npos);
  CHECK(read_json(seen.body)["fields"] == read_json(R"([["Cookie","check-a=a"]])"));
  CHECK(scene.seen("a")["requests"] == 3);
}

TEST_CASE("what is kept of fields and of probes has a bound") {
  Scene scene;
  scene.ask("poll?probe=long", "X-Long: " + std::string(9000, 'x') + "\r\nX-More: 1\r\n");
  CHECK(scene.seen("long")["fields"].empty());
  for (std::size_t i = 0; i < ProbeLog::kMaxProbes; ++i) {
    scene.ask("poll?probe=p-" + std::to_string(i));
  }
  CHECK(scene.ask("probes/long").status == 404);
  CHECK(scene.ask("probes/p-0").status == 200);
}

TEST_CASE("there is room for so many streams of checks, in all and of an address") {
  Scene scene;
  scene.limits.probes = 3;
  scene.limits.probes_per_address = 2;
  std::vector<Reply> open;
  const auto ask = [&](std::string_view client) -> Reply& {
    open.push_back(scene.ask("stream?probe=a&end=stay", {}, client));
    return open.back();
  };
  ask("one");
  ask("one");
  const Reply& third = ask("one");
  CHECK(third.status == 503);
  CHECK(third.body.find("--max-probes-per-address") != std::string::npos);
  ask("two");
  const Reply& fourth = ask("three");
  CHECK(fourth.status == 503);
  CHECK(fourth.body.find("(--max-probes)") != std::string::npos);
  CHECK(scene.metrics.refusals["--max-probes"] == 1);
  open.erase(open.begin());
  CHECK(scene.ask("stream?probe=a&end=stay", {}, "three").status == 200);
}

TEST_CASE("a body is what the client computes") {
  Scene scene;
  CHECK(scene.ask("body?probe=a&bytes=10").body == "e60f152c3f");
}

}  // namespace
}  // namespace playground::server
