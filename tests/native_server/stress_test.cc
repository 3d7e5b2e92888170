// Five hundred clients that connect, follow, publish, play faults and cut at random. What is looked
// for is what the sanitizers see; in any build the server must come out of it whole.
#include <cstdint>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/random.h"
#include "tests/native_server/support/record_reader.h"
#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"

namespace playground::server {
namespace {

constexpr std::size_t kClients = 500;
constexpr int kSteps = 4000;

class Crowd {
 public:
  explicit Crowd(std::uint16_t port, std::vector<std::string> channels)
      : port_(port), channels_(std::move(channels)), clients_(kClients) {}

  void step() {
    std::unique_ptr<Client>& client = clients_[below(kClients)];
    // A client that is there mostly goes, in one of the ways there are; a new one comes.
    if (client && below(4) > 0) {
      if (below(3) == 0) reset(*client);
      client.reset();
    } else if (client) {
      send_on(*client);
    } else {
      client = std::make_unique<Client>(port_, below(4) == 0 ? 4096 : 0);
      send_on(*client);
    }
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_.next() % bound; }
  const std::string& channel() { return channels_[below(channels_.size())]; }

  static void reset(const Client& client) {
    const linger now{1, 0};
    setsockopt(client.descriptor(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }

  // Whole requests, parts of them, frames and rubbish. Whether the peer still listens is its
  // affair.
  void send_on(const Client& client) {
    std::string bytes;
    for (std::uint64_t parts = 1 + below(3); parts > 0; --parts) bytes += something();
    if (below(4) == 0) bytes.resize(below(bytes.size() + 1));
    (void)::send(client.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }

  std::string something() {
    const std::string lane =
        "?lane=l" + std::to_string(below(8)) + "&after=" + std::to_string(below(200));
    switch (below(11)) {
      case 0:
        return request("GET", channel() + "/poll" + lane);
      case 1:
        return request("GET",
                       channel() + "/long-poll" + lane + "&timeout=" + (below(2) ? "0.01" : "5"));
      case 2:
        return request("GET", channel() + "/sse" + lane);
      case 3:
        return request("GET", channel() + "/stream" + lane);
      case 4:
        return request("GET", channel() + "/websocket" + lane, kHandshake) + frame();
      case 5:
        return request("GET", "/echo", kHandshake) + frame() + frame();
      case 6:
        return request("POST", channel() + "/messages", {}, std::string(below(3000), 'm'));
      case 7:
        return request("POST", channel() + "/faults", {}, fault());
      case 8:
        return request("DELETE", channel() + "/faults");
      case 9:
        return request("GET", below(2) ? "/metrics" : "/sse");
      default:
        return std::string(below(100), static_cast<char>(below(256)));
    }
  }

  std::string frame() {
    std::string out;
    const websocket::Opcode opcodes[] = {websocket::Opcode::kText, websocket::Opcode::kBinary,
                                         websocket::Opcode::kPing, websocket::Opcode::kClose};
    const websocket::Opcode opcode = opcodes[below(4)];
    const std::size_t size = opcode == websocket::Opcode::kText ? below(5000) : below(100);
    websocket::encode_frame(opcode, std::string(size, 'f'), out,
                            websocket::MaskingKey{1, 2, 3, static_cast<std::uint8_t>(below(256))});
    return out;
  }

  std::string fault() {
    const char* const kinds[] = {
        "delay",  "bandwidth",       "stall",        "buffer", "one-behind", "cut",       "close",
        "status", "upgrade-swallow", "upgrade-flap", "evict",  "replay",     "control-id"};
    std::string out = std::string("{\"kind\":\"") + kinds[below(std::size(kinds))] + '"';
    if (below(2)) out += ",\"lane\":\"l" + std::to_string(below(8)) + '"';
    return out + '}';
  }

  const std::uint16_t port_;
  const std::vector<std::string> channels_;
  std::vector<std::unique_ptr<Client>> clients_;
  Random random_{20261123};
};

TEST_CASE("five hundred clients at random leave the server whole", "[stress]") {
  RunningServer server;
  const std::string untouched = server.create(R"({"rate":200})");
  const auto reader = open_reader(Transport::kEventStream, server.port(), untouched);
  const std::vector<std::string> channels = {
      server.create(R"({"rate":2000,"payload_bytes":500,"history":50})"),
      server.create(R"({"rate":50,"payload_bytes":20000})"),
      server.create(R"({"rate":1,"history":1})")};
  {
    Crowd crowd(server.port(), channels);
    for (int i = 0; i < kSteps; ++i) crowd.step();
  }
  // Of a stalled connection nobody learns that its other end has gone.
  const auto lift = [&] {
    for (const std::string& channel : channels) {
      fetch(server.port(), request("DELETE", channel + "/faults"));
    }
  };
  // Another channel's reader never noticed.
  std::uint64_t seq = reader->next_message().seq;
  for (int i = 0; i < 50; ++i) {
    const std::uint64_t next = reader->next_message().seq;
    REQUIRE(next == ++seq);
  }
  CHECK(server.get("/healthz").status == 200);
  // Everyone who went is gone: what is left is the reader, and the one who asks.
  const auto connections = [&] {
    const std::string text = server.get("/metrics").body;
    const std::string name = "\nplayground_connections ";
    return std::stoi(text.substr(text.find(name) + name.size()));
  };
  for (int patience = 0; connections() > 2 && patience < 500; ++patience) {
    lift();
    usleep(10'000);
  }
  CHECK(connections() <= 2);
}

}  // namespace
}  // namespace playground::server
