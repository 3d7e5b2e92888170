// Coming back: nothing is lost or doubled wherever a connection breaks, and a cursor that the log
// cannot follow is answered with a reset on every transport.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/event_stream/parser.h"
#include "core/poll/batch.h"
#include "core/websocket/decoder.h"
#include "tests/native_server/support/record_reader.h"
#include "tests/native_server/support/running_server.h"
#include "tests/native_server/support/websocket_client.h"
#include "tests/support/json.h"

namespace playground::server {
namespace {

constexpr std::uint64_t kMessages = 4;

// Reads what a stream's bytes held before they broke off, as a client would: the sequence numbers
// of whole messages.
class Received : private event_stream::ParserEvents, private websocket::DecoderEvents {
 public:
  std::vector<std::uint64_t> read(Transport transport, std::string_view bytes) {
    const std::size_t head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return {};
    const std::string_view body = bytes.substr(head_end + 4);
    switch (transport) {
      case Transport::kWebSocket: {
        websocket::Decoder decoder(websocket::Role::kClient, 1 << 20);
        decoder.feed(body, *this);
        break;
      }
      case Transport::kEventStream: {
        event_stream::Parser parser;
        parser.feed(without_chunks(body), *this);
        break;
      }
      case Transport::kNdjson: {
        const std::string lines = without_chunks(body);
        for (std::size_t at = 0, end = 0; (end = lines.find('\n', at)) != std::string::npos;
             at = end + 1) {
          take(std::string_view(lines).substr(at, end - at));
        }
        break;
      }
      default:
        break;
    }
    return seqs_;
  }

 private:
  // What came of the chunks, the last one perhaps in part (RFC 9112 7.1).
  static std::string without_chunks(std::string_view body) {
    std::string out;
    while (true) {
      const std::size_t line_end = body.find("\r\n");
      if (line_end == std::string_view::npos) return out;
      const std::size_t size = std::stoul(std::string(body.substr(0, line_end)), nullptr, 16);
      body.remove_prefix(line_end + 2);
      out += body.substr(0, size);
      if (body.size() < size + 2) return out;
      body.remove_prefix(size + 2);
    }
  }
  void take(std::string_view json) {
    const auto record = parse_record(json);
    REQUIRE(record);
    if (const auto* message = std::get_if<Message>(&*record)) seqs_.push_back(message->seq);
  }
  void on_event(const event_stream::Event& event) override { take(event.data); }
  void on_retry(std::uint64_t) override {}
  void on_message(websocket::Opcode, std::string_view payload) override { take(payload); }
  void on_ping(std::string_view) override {}
  void on_pong(std::string_view) override {}
  void on_close(std::uint16_t, std::string_view) override {}

  std::vector<std::uint64_t> seqs_;
};

std::string request_for(Transport transport, const std::string& channel) {
  return request("GET", channel + "/" + std::string(name(transport)) + "?after=0",
                 transport == Transport::kWebSocket ? kHandshake : "");
}

TEST_CASE("a stream cut at any of its bytes goes on with nothing lost and nothing doubled") {
  RunningServer server;
  const std::string channel = server.create(R"({"rate":5000,"count":4,"payload_bytes":16})");
  open_reader(Transport::kPoll, server.port(), channel)->expect_messages(1, kMessages);
  for (const Transport transport : kStreams) {
    CAPTURE(name(transport));
    // The greeting, four messages, and all of the head; then it is silent.
    std::string whole;
    {
      Client client(server.port());
      client.send(request_for(transport, channel));
      while (Received().read(transport, whole).size() < kMessages) whole += client.read_some();
    }
    for (std::size_t offset = 0; offset <= whole.size(); ++offset) {
      CAPTURE(offset);
      std::vector<std::uint64_t> seqs;
      {
        Client client(server.port());
        client.send(request_for(transport, channel));
        seqs = Received().read(transport, client.read(offset));
      }
      const std::uint64_t cursor = seqs.empty() ? 0 : seqs.back();
      if (cursor < kMessages) {
        const auto rest = open_reader(transport, server.port(), channel, cursor);
        while (seqs.size() < kMessages) seqs.push_back(rest->next_message().seq);
      }
      REQUIRE(seqs == std::vector<std::uint64_t>{1, 2, 3, 4});
    }
  }
}

TEST_CASE("a poll whose answer was cut is asked again, and has everything") {
  RunningServer server;
  const std::string channel = server.create(R"({"rate":5000,"count":4,"payload_bytes":16})");
  open_reader(Transport::kPoll, server.port(), channel)->expect_messages(1, kMessages);
  for (const Transport transport : {Transport::kPoll, Transport::kLongPoll}) {
    CAPTURE(name(transport));
    const std::string ask = request_for(transport, channel);
    Client measured(server.port());
    measured.send(ask);
    measured.read_response();
    for (std::size_t offset = 0; offset < measured.bytes_in(); ++offset) {
      Client cut(server.port());
      cut.send(ask);
      cut.read(offset);
    }
    open_reader(transport, server.port(), channel, 0)->expect_messages(1, kMessages);
  }
}

// The reset that a reader gets first, besides a greeting.
std::optional<Reset> first_reset(RecordReader& reader) {
  auto record = reader.next();
  if (record && std::holds_alternative<Greeting>(*record)) record = reader.next();
  if (record && std::holds_alternative<Reset>(*record)) return std::get<Reset>(*record);
  return std::nullopt;
}

TEST_CASE("a cursor of what was never published is answered with a reset, and all there is") {
  RunningServer server;
  const std::string channel = server.create(R"({"rate":5000,"count":4})");
  open_reader(Transport::kPoll, server.port(), channel)->expect_messages(1, kMessages);
  for (const Transport transport : kAllTransports) {
    CAPTURE(name(transport));
    const auto reader = open_reader(transport, server.port(), channel, 1000);
    CHECK(first_reset(*reader) == Reset{1, kMessages});
    reader->expect_messages(1, kMessages);
  }
}

// The id of the newest event of a stream.
std::string last_event_id(std::uint16_t port, const std::string& channel) {
  Client client(port);
  client.send(request("GET", channel + "/sse?after=0"));
  client.read_head();
  std::string body;
  while (body.find("\"seq\":4,") == std::string::npos) body += client.read_body();
  const std::size_t id = body.rfind("id: ") + 4;
  return body.substr(id, body.find('\n', id) - id);
}

TEST_CASE("a named channel that came back after a restart tells its old readers so") {
  constexpr std::string_view kScenario = R"({"rate":5000,"count":4})";
  const std::string channel = "/api/channels/weather";
  std::string old_id;
  {
    RunningServer server;
    const Response created = fetch(server.port(), request("PUT", channel, {}, kScenario));
    CHECK(created.status == 201);
    old_id = last_event_id(server.port(), channel);
    CHECK(old_id == "4-" + read_json(created.body).at("epoch").get<std::string>());
    // Of this life it is in order: nothing is sent again.
    const auto same = poll::parse_batch(server.get(channel + "/poll?after=" + old_id).body);
    REQUIRE(same);
    CHECK_FALSE(same->reset);
    CHECK(same->messages.empty());
    CHECK(same->epoch == old_id.substr(2));
  }
  RunningServer server;
  REQUIRE(fetch(server.port(), request("PUT", channel, {}, kScenario)).status == 201);
  CHECK(last_event_id(server.port(), channel) != old_id);
  for (const Transport transport : kAllTransports) {
    CAPTURE(name(transport));
    const auto reader =
        open_reader(transport, server.port(), channel, std::nullopt, "after=" + old_id);
    CHECK(first_reset(*reader) == Reset{1, kMessages});
    reader->expect_messages(1, kMessages);
  }
  Client resumed(server.port());
  resumed.send(request("GET", channel + "/sse", "Last-Event-ID: " + old_id + "\r\n"));
  resumed.read_head();
  std::string body;
  while (body.find("\"seq\":4,") == std::string::npos) body += resumed.read_body();
  CHECK(body.find("event: reset\ndata: {\"reset\":{\"first\":1,\"last\":4}}") != std::string::npos);
}

TEST_CASE("a name that is taken answers with the channel that has it") {
  RunningServer server;
  const Response first = fetch(server.port(), request("PUT", "/api/channels/a", {}, "{}"));
  const Response second = fetch(server.port(), request("PUT", "/api/channels/a", {}, "{}"));
  CHECK(first.status == 201);
  CHECK(second.status == 200);
  CHECK(first.body == second.body);
  for (const char* path : {"/api/channels/A", "/api/channels/a%20b"}) {
    CHECK(fetch(server.port(), request("PUT", path, {}, "{}")).status == 400);
  }
  CHECK(fetch(server.port(), request("PUT", "/api/channels/b", {}, R"({"rate":0})")).status == 400);
  CHECK(server.get("/api/channels/b/poll").status == 404);
}

}  // namespace
}  // namespace playground::server
