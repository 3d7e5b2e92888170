#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/client/host.h"
#include "core/simulation/socket.h"
#include "core/simulation/virtual_time.h"

namespace playground::simulation {
namespace {

using client::kMillisecond;
using client::kSecond;

// An end that remembers what it was told, and when.
struct End final : SocketEvents {
  explicit End(VirtualTime& virtual_time) : time(virtual_time) {}
  void on_connected() override { connected_at = time.now_us(); }
  void on_bytes(std::string_view bytes) override {
    text += bytes;
    arrivals.push_back(time.now_us());
  }
  void on_end(PipeEnd how) override {
    end = how;
    ended_at = time.now_us();
  }
  void on_room() override { ++rooms; }

  VirtualTime& time;
  std::unique_ptr<Socket> socket;
  Micros connected_at = -1;
  Micros ended_at = -1;
  PipeEnd end = PipeEnd::kFin;
  std::string text;
  std::vector<Micros> arrivals;
  int rooms = 0;
};

struct NetworkScene {
  explicit NetworkScene(const LinkSettings& settings = {}, std::uint64_t seed = 1)
      : link(settings, seed), network(link, time.schedule()) {
    network.on_accept([this](std::uint16_t port, std::unique_ptr<Socket> socket) {
      if (port == 1) return false;
      servers.push_back(std::make_unique<End>(time));
      servers.back()->socket = std::move(socket);
      servers.back()->socket->listen(*servers.back());
      return true;
    });
  }
  void connect(End& end, std::uint16_t port = 80, Network::Use use = Network::Use::kOwnConnection) {
    end.socket = network.connect(port, end, use);
  }
  void pass(Micros us) { time.advance(time.now_us() + us); }
  End& server(std::size_t index = 0) { return *servers.at(index); }

  VirtualTime time{0};
  Link link;
  Network network;
  std::vector<std::unique_ptr<End>> servers;
  End client{time};
};

TEST_CASE("a connection takes a round trip, with TLS 1.3 two, and then half of one each way",
          "[simulation]") {
  for (const bool tls : {false, true}) {
    LinkSettings settings{.round_trip = 100 * kMillisecond, .tls = tls};
    NetworkScene scene(settings);
    scene.connect(scene.client);
    scene.pass(kSecond);
    CHECK(scene.client.connected_at == (tls ? 200 : 100) * kMillisecond);
    scene.client.socket->send("question");
    scene.pass(50 * kMillisecond);
    CHECK(scene.server().text == "question");
    scene.server().socket->send("answer");
    scene.pass(49 * kMillisecond);
    CHECK(scene.client.text.empty());
    scene.pass(1 * kMillisecond);
    CHECK(scene.client.text == "answer");
  }
}

TEST_CASE("a port where nobody listens refuses after a round trip", "[simulation]") {
  NetworkScene scene({.round_trip = 100 * kMillisecond});
  scene.connect(scene.client, 1);
  scene.pass(kSecond);
  CHECK(scene.client.connected_at == -1);
  CHECK(scene.client.ended_at == 100 * kMillisecond);
  CHECK(scene.client.end == PipeEnd::kReset);
}

TEST_CASE("jitter and loss change when bytes come, never their order", "[simulation]") {
  std::string sent;
  NetworkScene scene({.round_trip = 50 * kMillisecond, .jitter = 80 * kMillisecond, .loss = 0.1});
  scene.connect(scene.client);
  scene.pass(10 * kSecond);
  for (int i = 0; i < 500; ++i) {
    const std::string piece = std::to_string(i) + " ";
    scene.client.socket->send(piece);
    sent += piece;
    scene.pass(5 * kMillisecond);
  }
  scene.pass(60 * kSecond);
  CHECK(scene.server().text == sent);
}

TEST_CASE("a lost segment costs a round trip where enough follows it, else a timeout",
          "[simulation]") {
  // One loss in a hundred, so that of many single sends some are lost exactly once.
  const LinkSettings settings{.round_trip = 50 * kMillisecond, .loss = 0.01};
  Link link(settings, 1);
  int timeouts = 0;
  int fast = 0;
  for (int i = 0; i < 2000; ++i) {
    const Micros alone = link.arrival(Direction::kUp, 100, 0, 0);
    if (alone == 25 * kMillisecond + 250 * kMillisecond) ++timeouts;
    const Micros followed = link.arrival(Direction::kUp, 1448, Link::kDuplicateAcks, 0);
    if (followed == 25 * kMillisecond + 50 * kMillisecond) ++fast;
  }
  CHECK(timeouts > 5);
  CHECK(timeouts < 50);
  CHECK(fast > 5);
  CHECK(fast < 50);
}

TEST_CASE("the line's pace is shared by all connections", "[simulation]") {
  NetworkScene scene({.round_trip = 0, .down_bytes_per_s = 100'000});
  End other{scene.time};
  scene.connect(scene.client);
  scene.connect(other);
  scene.pass(kMillisecond);
  const Micros begin = scene.time.now_us();
  const std::string bytes(14'480, 'x');
  scene.server(0).socket->send(bytes);
  scene.server(1).socket->send(bytes);
  scene.pass(10 * kSecond);
  CHECK(scene.client.text.size() == bytes.size());
  CHECK(scene.client.arrivals.back() - begin == 150 * kMillisecond);  // ten segments of 1,500 bytes
  CHECK(other.arrivals.back() - begin == 300 * kMillisecond);
}

TEST_CASE("who sends more than there is room for hears when there is room again", "[simulation]") {
  NetworkScene scene({.round_trip = 0, .up_bytes_per_s = 1'000'000});
  scene.connect(scene.client);
  scene.pass(kMillisecond);
  scene.client.socket->send(std::string(Pipe::kBufferBytes, 'x'));
  CHECK_FALSE(scene.client.socket->has_room());
  scene.pass(kSecond);
  CHECK(scene.client.rooms == 1);
  CHECK(scene.client.socket->has_room());
}

TEST_CASE("while the line is down nobody is told; what was sent comes with a later timeout",
          "[simulation]") {
  NetworkScene scene({.round_trip = 20 * kMillisecond});
  scene.connect(scene.client);
  scene.pass(kSecond);
  scene.link.set_up(false);
  scene.client.socket->send("late");
  scene.pass(5 * kSecond);
  CHECK(scene.server().text.empty());
  CHECK(scene.server().ended_at == -1);
  CHECK(scene.client.ended_at == -1);
  scene.link.set_up(true);
  scene.pass(5 * kSecond);
  CHECK(scene.server().text == "late");
}

TEST_CASE("a connection over a line that stays down is given up after a quarter of an hour",
          "[simulation]") {
  NetworkScene scene;
  scene.connect(scene.client);
  scene.pass(kSecond);
  scene.link.set_up(false);
  scene.client.socket->send("lost");
  scene.pass(800 * kSecond);
  CHECK(scene.server().ended_at == -1);
  scene.pass(400 * kSecond);
  CHECK(scene.server().end == PipeEnd::kReset);
}

TEST_CASE("an end that lets go ends in order behind what it sent, or resets", "[simulation]") {
  for (const bool reset : {false, true}) {
    NetworkScene scene;
    scene.connect(scene.client);
    scene.pass(kSecond);
    scene.client.socket->send("last words");
    if (reset) scene.client.socket->reset();
    scene.client.socket.reset();
    scene.pass(kSecond);
    CHECK(scene.server().text == "last words");
    CHECK(scene.server().end == (reset ? PipeEnd::kReset : PipeEnd::kFin));
    scene.servers.clear();
    scene.pass(kMillisecond);
    CHECK(scene.network.connections() == 0);
    CHECK(scene.network.bytes(Direction::kUp) == 10);
  }
}

TEST_CASE("streams of one connection are set up once, and one that is late holds up the others",
          "[simulation]") {
  NetworkScene scene({.round_trip = 100 * kMillisecond, .tls = true});
  End other{scene.time};
  scene.connect(scene.client, 80, Network::Use::kStream);
  scene.pass(kSecond);
  scene.connect(other, 80, Network::Use::kStream);
  scene.pass(0);
  CHECK(other.connected_at == scene.time.now_us());
  scene.link.set({.round_trip = 4 * kSecond});
  scene.client.socket->send("slow");
  scene.link.set({.round_trip = 100 * kMillisecond});
  other.socket->send("quick");
  scene.pass(kSecond);
  CHECK(scene.server(1).text.empty());
  scene.pass(kSecond);
  CHECK(scene.server(0).arrivals == scene.server(1).arrivals);
}

}  // namespace
}  // namespace playground::simulation
