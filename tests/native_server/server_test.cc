#include "native_server/server.h"

#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/record_reader.h"
#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"

namespace playground::server {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST_CASE("a server that stops ends every stream in order, and answers held polls") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  std::vector<std::unique_ptr<RecordReader>> readers;
  for (const Transport transport : kStreams) {
    readers.push_back(open_reader(transport, server.port(), channel, 1));
    readers.back()->next();
  }
  Client polling(server.port());
  polling.send(request("GET", channel + "/long-poll?after=1"));
  Client idle(server.port());
  idle.send(request("GET", "/healthz"));
  idle.read_response();

  const auto start = std::chrono::steady_clock::now();
  server.begin_stop();
  for (const auto& reader : readers) CHECK_FALSE(reader->next());
  CHECK(is_empty_batch(polling.read_response().body, 1));
  CHECK(idle.at_end());
  server.stop();  // the clients have not closed their ends yet
  CHECK(seconds_since(start) < 2);
}

TEST_CASE("a server without clients stops at once") {
  RunningServer server;
  const auto start = std::chrono::steady_clock::now();
  server.stop();
  CHECK(seconds_since(start) < 1);
}

TEST_CASE("a server that was never run can go") {
  Server server(test_options());
  CHECK(server.port() != 0);
}

TEST_CASE("one that never reads disturbs nobody, and is told what it missed when it does") {
  RunningServer server;
  for (const Transport transport : kStreams) {
    CAPTURE(name(transport));
    const std::string own =
        server.create(R"({"rate":1000,"payload_bytes":65536,"history":20,"count":400})");
    const auto slow = open_reader(transport, server.port(), own, 0, {}, 4096);
    const auto quick = open_reader(Transport::kNdjson, server.port(), own, 0);
    std::uint64_t last = 0;
    while (last < 400) {
      const auto record = quick->next();
      REQUIRE(record);
      if (const auto* message = std::get_if<Message>(&*record)) last = message->seq;
    }
    bool was_reset = false;
    for (std::uint64_t seq = 0; seq < 400;) {
      const auto record = slow->next();
      REQUIRE(record);
      if (const auto* message = std::get_if<Message>(&*record)) {
        REQUIRE(message->seq == seq + 1);
        seq = message->seq;
      } else if (const auto* reset = std::get_if<Reset>(&*record)) {
        was_reset = true;
        CHECK(reset->first > seq + 1);
        seq = reset->first - 1;
      }
    }
    CHECK(was_reset);
  }
}

TEST_CASE("a thousand event streams and a thousand WebSockets all get everything") {
  constexpr int kReaders = 1000;
  constexpr int kMessages = 10;
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  std::deque<std::unique_ptr<RecordReader>> readers;
  for (int i = 0; i < kReaders; ++i) {
    for (const Transport transport : {Transport::kEventStream, Transport::kWebSocket}) {
      readers.push_back(open_reader(transport, server.port(), channel, 1));
    }
  }
  for (const auto& reader : readers) CHECK(std::holds_alternative<Greeting>(*reader->next()));
  Client publisher(server.port());
  for (int i = 0; i < kMessages; ++i) {
    publisher.send(request("POST", channel + "/messages", {}, "message"));
    REQUIRE(publisher.read_response().status == 201);
  }
  for (const auto& reader : readers) reader->expect_messages(2, kMessages);
}

TEST_CASE("a WebSocket's frame header may come in two segments", "[RFC 6455 5.2]") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  WebSocketClient client(server.port(), channel + "/websocket");
  client.next();
  client.next();
  const std::string frame("\x81\x84\0\0\0\0back", 10);
  for (std::size_t at = 1; at < 6; ++at) {
    client.connection().send(frame.substr(0, at));
    server.get("/healthz");
    client.connection().send(frame.substr(at));
    CHECK(client.next().payload.find("back") != std::string::npos);
  }
}

TEST_CASE("a WebSocket's close is answered with its code, and the connection ends") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  for (const std::uint16_t code : std::array<std::uint16_t, 4>{1000, 3001, 1005, 999}) {
    CAPTURE(code);
    WebSocketClient client(server.port(), channel + "/websocket");
    client.next();
    client.send_close(code);
    WebSocketClient::Frame frame = client.next();
    while (frame.opcode != websocket::Opcode::kClose) frame = client.next();
    CHECK(frame.close_code == (code == 1000 || code == 3001 ? code : 1002));
    CHECK(client.connection().at_end());
  }
}

}  // namespace
}  // namespace playground::server
