// Every fault on every transport, over real sockets; a lane it does not concern must not notice.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/native_server/support/record_reader.h"
#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"

namespace playground::server {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// A channel, a lane that a fault will concern, and one that it will not.
struct Scene {
  explicit Scene(Transport transport, const std::string& scenario = R"({"rate":200})")
      : channel(server.create(scenario)),
        lane(open_reader(transport, server.port(), channel, std::nullopt, "lane=hit")),
        other(open_reader(transport, server.port(), channel, std::nullopt, "lane=spared")) {}

  std::string fault(const std::string& members) {
    const Response response = server.post(channel + "/faults", "{" + members + "}");
    REQUIRE(response.status == 201);
    return response.body.substr(6, response.body.size() - 7);
  }
  void hit(const std::string& kind) { fault(R"("lane":"hit","kind":)" + kind); }
  void lift() { CHECK(fetch(server.port(), request("DELETE", channel + "/faults")).status == 204); }
  std::unique_ptr<RecordReader> open(Transport transport, std::optional<std::uint64_t> after = {}) {
    return open_reader(transport, server.port(), channel, after, "lane=hit");
  }
  // The lane that no fault concerns goes on, message after message.
  void expect_spared(std::uint64_t count = 20) {
    if (spared == 0) spared = other->next_message().seq;
    other->expect_messages(spared + 1, count);
    spared += count;
  }

  RunningServer server;
  std::string channel;
  std::unique_ptr<RecordReader> lane;
  std::unique_ptr<RecordReader> other;
  std::uint64_t spared = 0;
};

// Whether anything can be read within `ms`.
bool readable(RecordReader& reader, int ms) {
  pollfd wait{reader.connection().descriptor(), POLLIN, 0};
  return ::poll(&wait, 1, ms) > 0;
}

// Takes what is on its way, until nothing has come for a while.
std::uint64_t drain(RecordReader& reader, std::uint64_t last) {
  while (readable(reader, 60)) last = reader.next_message().seq;
  return last;
}

template <typename Check>
void each_transport(Check check) {
  for (const Transport transport : kAllTransports) {
    CAPTURE(name(transport));
    check(transport);
  }
}

template <typename Check>
void each_stream(Check check) {
  for (const Transport transport : kStreams) {
    CAPTURE(name(transport));
    check(transport);
  }
}

TEST_CASE("a fault that is none is refused with the name of what is wrong") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  CHECK(server.post(channel + "/faults", "{").status == 400);
  CHECK(server.post(channel + "/faults", R"({"kind":"gremlins"})").status == 400);
  const Response response =
      server.post(channel + "/faults", R"({"kind":"delay","milliseconds":-1})");
  CHECK(response.status == 400);
  CHECK(response.body.find("milliseconds") != std::string::npos);
  CHECK(fetch(server.port(), request("DELETE", channel + "/faults/7")).status == 404);
  CHECK(server.post("/api/channels", R"({"faults":[{"kind":"cut","for_s":1}]})").status == 400);
}

TEST_CASE("faults are listed, and lifted one by one") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  CHECK(server.post(channel + "/faults", R"({"kind":"stall","lane":"a"})").body == R"({"id":1})");
  CHECK(server.post(channel + "/faults", R"({"kind":"delay","after_s":9})").body == R"({"id":2})");
  CHECK(server.get(channel + "/faults").body.find(R"("kind":"stall")") != std::string::npos);
  CHECK(fetch(server.port(), request("DELETE", channel + "/faults/1")).status == 204);
  CHECK(server.get(channel + "/faults").body.find("stall") == std::string::npos);
}

TEST_CASE("a scenario's faults have the ids 1, 2, … and are lifted by them") {
  RunningServer server;
  const std::string channel = server.create(
      R"({"faults":[{"kind":"status","lane":"a"},{"kind":"delay","lane":"a","after_s":9}]})");
  const auto lift = [&](const std::string& id) {
    return fetch(server.port(), request("DELETE", channel + "/faults/" + id)).status;
  };
  const auto listed = [&](const std::string& id, const std::string& kind) {
    const std::string list = server.get(channel + "/faults").body;
    const nlohmann::json faults = nlohmann::json::parse(list).at("faults");
    return std::ranges::count_if(faults, [&](const nlohmann::json& fault) {
             return fault.at("id") == std::stoi(id) && fault.at("kind") == kind;
           }) == 1;
  };
  CHECK(listed("1", "status"));
  CHECK(listed("2", "delay"));
  CHECK(server.post(channel + "/faults", R"({"kind":"replay"})").body == R"({"id":3})");
  CHECK(server.get(channel + "/poll?lane=a").status == 503);
  CHECK(lift("1") == 204);
  CHECK(server.get(channel + "/poll?lane=a").status == 200);
  CHECK(lift("1") == 404);
  CHECK_FALSE(listed("1", "status"));
  CHECK(listed("2", "delay"));
  CHECK(listed("3", "replay"));
  CHECK(lift("2") == 204);
  CHECK_FALSE(listed("2", "delay"));
  CHECK(listed("3", "replay"));
}

TEST_CASE("a delayed lane gets everything, later; the other at once") {
  each_transport([](Transport transport) {
    Scene scene(transport);
    scene.hit(R"("delay","milliseconds":120,"jitter_ms":30)");
    const auto asked = Clock::now();
    auto late = scene.open(transport, 0);
    late->expect_messages(1, 10);
    CHECK(Clock::now() - asked >= 90ms);
    scene.expect_spared();
    scene.lift();
    late->expect_messages(11, 30);
  });
}

TEST_CASE("a slow lane gets everything, at its pace") {
  each_transport([](Transport transport) {
    Scene scene(transport, R"({"rate":5000,"count":20,"payload_bytes":500})");
    scene.other->expect_messages(1, 20);
    scene.hit(R"("bandwidth","bytes_per_s":60000)");
    const auto asked = Clock::now();
    scene.open(transport, 0)->expect_messages(1, 20);
    CHECK(Clock::now() - asked >= 140ms);  // 10,000 bytes and more, less a slice of 20 ms
  });
}

TEST_CASE("a stalled lane is silent and not told; when it is lifted nothing is missing") {
  each_stream([](Transport transport) {
    Scene scene(transport);
    scene.lane->expect_messages(1, 5);
    scene.hit(R"("stall")");
    const std::uint64_t last = drain(*scene.lane, 5);
    CHECK_FALSE(readable(*scene.lane, 100));
    scene.expect_spared();
    scene.lift();
    scene.lane->expect_messages(last + 1, 50);
  });
}

TEST_CASE("a buffered stream is open and empty until it ends, and then nothing is missing") {
  each_stream([](Transport transport) {
    Scene scene(transport);
    scene.hit(R"("buffer")");
    auto buffered = scene.open(transport, 0);
    CHECK_FALSE(readable(*buffered, 100));
    scene.expect_spared();
    scene.hit(R"("close")");
    buffered->expect_messages(1, 20);
    while (buffered->next()) {
    }
  });
}

// How many bytes of `bytes`, again and again, the server takes before it stops reading; `most`
// where it does not.
std::size_t taken(Client& client, const std::string& bytes, std::size_t most) {
  std::size_t sent = 0;
  for (auto last = Clock::now(); sent < most && Clock::now() - last < 150ms;) {
    const ssize_t count =
        ::send(client.descriptor(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count <= 0) {
      usleep(1000);
      continue;
    }
    sent += static_cast<std::size_t>(count);
    last = Clock::now();
  }
  return sent;
}

TEST_CASE("what a fault holds back has a bound, and who asks for more is not read from") {
  constexpr std::size_t kMost = 64 << 20;
  std::string pings;
  while (pings.size() < 64 * 1024) {
    websocket::encode_frame(websocket::Opcode::kPing, "", pings, websocket::MaskingKey{1, 2, 3, 4});
  }
  const std::string delay = R"("delay","milliseconds":60000)";
  const std::vector<std::vector<std::string>> rows = {{delay},
                                                      {R"("buffer")"},
                                                      {R"("bandwidth","bytes_per_s":100)"},
                                                      {R"("one-behind")", delay},
                                                      {R"("stall")"}};
  for (const std::vector<std::string>& faults : rows) {
    CAPTURE(faults);
    Scene scene(Transport::kWebSocket);
    const std::string poll = request("GET", scene.channel + "/poll?after=0&lane=hit");
    std::string polls;
    while (polls.size() < 64 * 1024) polls += poll;
    Client poller(scene.server.port(), 4096);
    for (const std::string& fault : faults) scene.hit(fault);
    CHECK(taken(scene.lane->connection(), pings, kMost) < kMost / 2);
    CHECK(taken(poller, polls, kMost) < kMost / 2);
    scene.expect_spared();
  }
}

TEST_CASE("polls pass a buffering way, for each of their answers ends") {
  for (const Transport transport : {Transport::kPoll, Transport::kLongPoll}) {
    Scene scene(transport);
    scene.hit(R"("buffer")");
    scene.open(transport, 0)->expect_messages(1, 40);
  }
}

TEST_CASE("a buffer of N bytes fills and empties, and nothing is missing") {
  each_stream([](Transport transport) {
    Scene scene(transport);
    scene.hit(R"("buffer","bytes":2000)");
    scene.open(transport, 0)->expect_messages(1, 40);
  });
}

TEST_CASE("one behind: the last message waits for the next one") {
  each_stream([](Transport transport) {
    Scene scene(transport, R"({"count":1})");
    scene.lane->expect_messages(1, 1);
    scene.hit(R"("one-behind")");
    scene.server.post(scene.channel + "/messages", "two");
    CHECK_FALSE(readable(*scene.lane, 60));
    scene.server.post(scene.channel + "/messages", "three");
    CHECK(scene.lane->next_message().payload == "two");
    scene.lift();
    CHECK(scene.lane->next_message().payload == "three");
  });
}

TEST_CASE("a cut ends the lane without warning; it resumes where it was") {
  for (const char* kind : {R"("cut")", R"("cut","reset":true)"}) {
    CAPTURE(kind);
    each_stream([&](Transport transport) {
      Scene scene(transport);
      scene.lane->expect_messages(1, 5);
      scene.hit(kind);
      std::uint64_t last = 5;
      CHECK_THROWS([&] {
        while (true) last = scene.lane->next_message().seq;
      }());
      scene.expect_spared();
      scene.open(transport, last)->expect_messages(last + 1, 20);
    });
  }
}

TEST_CASE("a close ends the lane in order") {
  each_stream([](Transport transport) {
    Scene scene(transport);
    scene.lane->expect_messages(1, 5);
    scene.hit(R"("close")");
    while (scene.lane->next()) {
    }
    scene.expect_spared();
  });
}

TEST_CASE("everyone drops at once, and everyone can come back") {
  each_stream([](Transport transport) {
    Scene scene(transport);
    scene.lane->expect_messages(1, 5);
    scene.other->expect_messages(1, 5);
    scene.fault(R"("kind":"cut")");
    for (RecordReader* reader : {scene.lane.get(), scene.other.get()}) {
      CHECK_THROWS([&] {
        while (true) reader->next_message();
      }());
    }
    scene.open(transport, 5)->expect_messages(6, 20);
  });
}

TEST_CASE("an idle stream is cut, a busy one is not") {
  each_stream([](Transport transport) {
    Scene busy(transport);
    busy.hit(R"("idle-cut","seconds":0.3)");
    busy.open(transport, 0)->expect_messages(1, 100);

    Scene idle(transport, R"({"count":1})");
    idle.lane->expect_messages(1, 1);
    idle.hit(R"("idle-cut","seconds":0.1)");
    CHECK_THROWS(idle.lane->next_message());
  });
}

TEST_CASE("a status at the door answers new requests of the lane only") {
  each_transport([](Transport transport) {
    Scene scene(transport);
    const std::string path[] = {"/poll", "/long-poll", "/sse", "/stream", "/websocket"};
    const std::string target = scene.channel + path[static_cast<int>(transport)] + "?lane=hit";
    for (const char* status : {"204", "401", "500", "502", "503"}) {
      scene.hit(R"("status","status":)" + std::string(status));
      const Response response = scene.server.get(
          target, transport == Transport::kWebSocket ? kHandshake : std::string_view());
      CHECK(response.status == std::stoi(status));
      scene.lift();
    }
    scene.expect_spared();
  });
}

TEST_CASE("an Upgrade is refused, left hanging, swallowed, or ended at once") {
  const auto upgrade = [](const Scene& scene) {
    return request("GET", scene.channel + "/websocket?lane=hit", kHandshake);
  };
  Scene scene(Transport::kWebSocket);
  for (const char* status : {"400", "403"}) {
    scene.hit(R"("upgrade-refused","status":)" + std::string(status));
    CHECK(fetch(scene.server.port(), upgrade(scene)).status == std::stoi(status));
    scene.lift();
  }

  scene.hit(R"("upgrade-hang")");
  Client hanging(scene.server.port());
  hanging.send(upgrade(scene));
  pollfd wait{hanging.descriptor(), POLLIN, 0};
  CHECK(::poll(&wait, 1, 100) == 0);
  scene.lift();

  scene.hit(R"("upgrade-swallow")");
  WebSocketClient swallowed(scene.server.port(), scene.channel + "/websocket?lane=hit");
  swallowed.send_text("lost");
  wait.fd = swallowed.connection().descriptor();
  CHECK(::poll(&wait, 1, 100) == 0);
  scene.lift();

  scene.hit(R"("upgrade-flap","milliseconds":100)");
  WebSocketClient flapping(scene.server.port(), scene.channel + "/websocket?lane=hit");
  CHECK_THROWS([&] {
    while (true) flapping.next();
  }());
  scene.expect_spared();
}

TEST_CASE("a failed Upgrade poisons the lane's other requests for a while") {
  Scene scene(Transport::kEventStream);
  scene.hit(R"("upgrade-poison","seconds":0.2)");
  const auto poll = [&] { return scene.server.get(scene.channel + "/poll?lane=hit").status; };
  CHECK(poll() == 200);
  CHECK(scene.server.get(scene.channel + "/websocket?lane=hit", kHandshake).status == 503);
  CHECK(poll() == 500);
  int status = 500;
  for (int i = 0; i < 1000 && status == 500; ++i) {
    usleep(5000);
    status = poll();
  }
  CHECK(status == 200);
  scene.expect_spared();
}

TEST_CASE("what was evicted is announced to who asks for it") {
  each_transport([](Transport transport) {
    Scene scene(transport, R"({"rate":5000,"count":50})");
    scene.lane->expect_messages(1, 50);
    scene.fault(R"("kind":"evict")");
    scene.server.post(scene.channel + "/messages", "after");
    auto reader = scene.open(transport, 10);
    std::optional<Record> record = reader->next();
    if (record && std::holds_alternative<Greeting>(*record)) record = reader->next();
    REQUIRE(record);
    CHECK(std::get<Reset>(*record) == Reset{51, 51});
    CHECK(reader->next_message().payload == "after");
    CHECK(scene.lane->next_message().payload == "after");
  });
}

TEST_CASE("an id on a control event moves the cursor past messages that are still to come") {
  Scene scene(Transport::kEventStream, R"({"count":1})");
  scene.hit(R"("control-id")");
  Client client(scene.server.port());
  client.send(request("GET", scene.channel + "/sse?lane=hit"));
  client.read_head();
  std::string text;
  while (text.find("seq") == std::string::npos) text += client.read_body();
  CHECK(text.starts_with("event: greeting\nid: 6\n"));
}

TEST_CASE("a replay gives messages again that the reader has") {
  each_transport([](Transport transport) {
    Scene scene(transport, R"({"rate":5000,"count":20})");
    scene.lane->expect_messages(1, 20);
    scene.hit(R"("replay","messages":4)");
    scene.open(transport, 15)->expect_messages(12, 9);
    open_reader(transport, scene.server.port(), scene.channel, 15, "lane=spared")
        ->expect_messages(16, 5);
  });
}

TEST_CASE("what a lane says meets the lane's faults, and what nobody says does not") {
  Scene scene(Transport::kEventStream);
  scene.hit(R"("status","status":502)");
  CHECK(scene.server.post(scene.channel + "/messages?lane=hit", "held up").status == 502);
  CHECK(scene.server.post(scene.channel + "/messages?lane=spared", "through").status == 201);
  CHECK(scene.server.post(scene.channel + "/messages", "through").status == 201);
  scene.lift();
  CHECK(scene.server.post(scene.channel + "/messages?lane=hit", "through").status == 201);
  scene.fault(R"("transport":"sse","kind":"status")");
  CHECK(scene.server.post(scene.channel + "/messages?lane=hit", "through").status == 201);
}

TEST_CASE("faults of the scenario happen at their time") {
  each_stream([](Transport transport) {
    Scene scene(transport, R"({"rate":200,"faults":[{"kind":"cut","lane":"hit","after_s":0.2}]})");
    CHECK_THROWS([&] {
      while (true) scene.lane->next_message();
    }());
    scene.expect_spared();
  });
}

}  // namespace
}  // namespace playground::server
