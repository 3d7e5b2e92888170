// What all transports have in common, as one test over all of them.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/record_reader.h"
#include "tests/native_server/support/running_server.h"

namespace playground::server {
namespace {

TEST_CASE("every transport delivers 1..N without a gap, also at a high rate") {
  RunningServer server;
  const std::string channel = server.create(R"({"rate":5000,"count":2000,"payload_bytes":100})");
  for (const Transport transport : kAllTransports) {
    CAPTURE(name(transport));
    const auto reader = open_reader(transport, server.port(), channel);
    reader->expect_messages(1, 2000);
  }
}

TEST_CASE("every transport goes on after the message the reader has") {
  RunningServer server;
  const std::string channel = server.create(R"({"rate":5000,"count":100})");
  open_reader(Transport::kPoll, server.port(), channel)->expect_messages(1, 100);
  for (const Transport transport : kAllTransports) {
    CAPTURE(name(transport));
    open_reader(transport, server.port(), channel, 40)->expect_messages(41, 60);
  }
}

TEST_CASE("Last-Event-ID goes before `after`") {
  RunningServer server;
  const std::string channel = server.create(R"({"rate":5000,"count":10})");
  open_reader(Transport::kPoll, server.port(), channel)->expect_messages(1, 10);
  Client client(server.port());
  client.send(request("GET", channel + "/sse?after=2", "Last-Event-ID: 7\r\n"));
  client.read_head();
  std::string text;
  while (text.find("id: 10-") == std::string::npos) text += client.read_body();
  CHECK(text.find("\nid: 8-") != std::string::npos);
  CHECK(text.find("\nid: 7-") == std::string::npos);
}

TEST_CASE("every transport says what the log has dropped, and goes on from there") {
  RunningServer server;
  const std::string channel = server.create(R"({"rate":5000,"count":100,"history":10})");
  open_reader(Transport::kPoll, server.port(), channel)->next();
  while (open_reader(Transport::kPoll, server.port(), channel)->next_message().seq != 91) {
  }
  for (const Transport transport : kAllTransports) {
    CAPTURE(name(transport));
    const auto reader = open_reader(transport, server.port(), channel, 5);
    std::optional<Record> record = reader->next();
    if (record && std::holds_alternative<Greeting>(*record)) record = reader->next();
    REQUIRE(record);
    CHECK(std::get<Reset>(*record) == Reset{91, 100});
    reader->expect_messages(91, 10);

    // Without `after` nothing was asked for that is missing.
    const auto fresh = open_reader(transport, server.port(), channel);
    record = fresh->next();
    if (record && std::holds_alternative<Greeting>(*record)) record = fresh->next();
    REQUIRE(record);
    CHECK(std::get<Message>(*record).seq == 91);
  }
}

TEST_CASE("every stream begins with a greeting") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  for (const Transport transport : kStreams) {
    CAPTURE(name(transport));
    const auto record = open_reader(transport, server.port(), channel, 1)->next();
    REQUIRE(record);
    const auto& greeting = std::get<Greeting>(*record);
    CHECK(greeting == Greeting{1, 15, greeting.epoch});
    CHECK(greeting.epoch.size() == 6);
  }
}

TEST_CASE("every stream has a heartbeat when nothing is published") {
  Options options = test_options();
  options.limits.heartbeat_s = 1;
  RunningServer server(options);
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  std::vector<std::unique_ptr<RecordReader>> readers;
  for (const Transport transport : kStreams) {
    readers.push_back(open_reader(transport, server.port(), channel, 1));
  }
  for (const auto& reader : readers) {
    CHECK(std::get<Greeting>(reader->next().value()).heartbeat_s == 1);
    CHECK(std::holds_alternative<Heartbeat>(reader->next().value()));
  }
}

TEST_CASE("what a reader publishes reaches all, however it was published") {
  RunningServer server;
  const std::string channel = server.create_quiet();
  server.get(channel + "/long-poll");
  std::vector<std::unique_ptr<RecordReader>> readers;
  for (const Transport transport : kStreams) {
    readers.push_back(open_reader(transport, server.port(), channel, 1));
  }
  Client polling(server.port());
  polling.send(request("GET", channel + "/long-poll?after=1"));
  for (const auto& reader : readers) reader->next();  // its greeting: it is there

  server.post(channel + "/messages", "by POST");
  CHECK(polling.read_response().body.find("by POST") != std::string::npos);
  for (const auto& reader : readers) CHECK(reader->next_message().payload == "by POST");

  // A masked text frame, on the connection of the one that is a WebSocket.
  readers.back()->connection().send(std::string("\x81\x84\0\0\0\0back", 10));
  for (const auto& reader : readers) {
    const Message message = reader->next_message();
    CHECK(message.seq == 3);
    CHECK(message.payload == "back");
  }
}

TEST_CASE("the end of a channel ends every stream in order, and answers a held poll") {
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
  server.get("/healthz");
  fetch(server.port(), request("DELETE", channel));
  for (const auto& reader : readers) {
    CHECK_FALSE(reader->next());
    CHECK(reader->connection().at_end());
  }
  CHECK(is_empty_batch(polling.read_response().body, 1));
}

}  // namespace
}  // namespace playground::server
