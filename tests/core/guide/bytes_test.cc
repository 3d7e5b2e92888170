// What messages cost on the wire, and what connections they need.
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/event_stream/encoder.h"
#include "core/event_stream/parser.h"
#include "core/websocket/frame.h"
#include "tests/core/guide/figures.h"
#include "tests/core/guide/play.h"

namespace playground::guide {
namespace {

using enum TransportId;

constexpr std::array kLanes{kShortPoll, kLongPoll, kSse, kNdjson, kWebSocket};
const std::string kAll = R"("lanes":["short-poll","long-poll","sse","ndjson","websocket"])";

// As a member of a figure: "shortPoll".
std::string camel(TransportId id) {
  std::string out;
  bool upper = false;
  for (const char each : info(id).name) {
    if (each != '-') out += upper ? static_cast<char>(each - 'a' + 'A') : each;
    upper = each == '-';
  }
  return out;
}

double head_bytes(std::uint64_t payload, bool masked) {
  websocket::FrameHeader header;
  header.payload_bytes = payload;
  if (masked) header.masking_key = websocket::MaskingKey{};
  std::string bytes;
  websocket::encode(header, bytes);
  return static_cast<double>(bytes.size());
}

TEST_CASE("a frame's head has 2 to 14 bytes (RFC 6455 5.2)", "[guide]") {
  CHECK(head_bytes(0, false) == head_bytes(125, false));
  CHECK(head_bytes(126, false) == head_bytes(65'535, false));
  CHECK(head_bytes(65'536, true) == head_bytes(1ULL << 40, true));
  note("frame.smallBytes", 125);
  note("frame.mediumBytes", 65'535);
  note("frame.down.small", head_bytes(125, false));
  note("frame.down.medium", head_bytes(65'535, false));
  note("frame.down.large", head_bytes(65'536, false));
  note("frame.up.small", head_bytes(125, true));
  note("frame.up.medium", head_bytes(65'535, true));
  note("frame.up.large", head_bytes(65'536, true));
}

TEST_CASE("a poll that finds nothing costs its two heads", "[guide]") {
  for (const std::string browser : {"chromium", "firefox"}) {
    Play play(R"({"lanes":["short-poll"],"simulated":{"browser":")" + browser +
              R"("},"scenario":{"rate":5,"count":1}})");
    play.pass_seconds(60);
    const measure::WireCount before = play.lane(kShortPoll).wire().total();
    play.pass_seconds(600);
    const measure::WireCount after = play.lane(kShortPoll).wire().total();
    const auto polls = static_cast<double>(after.requests - before.requests);
    REQUIRE(polls > 500);
    const double up = static_cast<double>(after.bytes_in - before.bytes_in) / polls;
    const double down = static_cast<double>(after.bytes_out - before.bytes_out) / polls;
    CHECK(up + down > 500);
    CHECK(up + down < 2000);
    note("poll." + browser + ".up", up);
    note("poll." + browser + ".down", down);
    note("poll." + browser + ".both", up + down);
    if (browser == "chromium") note("poll.megabytesADay", (up + down) * 86'400 / 1e6);
  }
}

TEST_CASE("what a message costs depends on how often there is one", "[guide]") {
  for (const std::string rate : {"0.2", "1", "10", "100"}) {
    Play play("{" + kAll + R"(,"scenario":{"rate":)" + rate + R"(,"pattern":"poisson"}})");
    play.pass_seconds(600);
    const std::string at = "cost.at" + (rate == "0.2" ? "Fifth" : rate) + ".";
    for (const TransportId each : kLanes) {
      play.whole(each);
      note(at + camel(each), play.bytes_per_message(each));
    }
    CHECK(play.bytes_per_message(kWebSocket) < play.bytes_per_message(kNdjson));
    CHECK(play.bytes_per_message(kNdjson) < play.bytes_per_message(kSse));
    // A batch of a hundred messages shares its two heads.
    const bool rare = rate != "100";
    CHECK((play.bytes_per_message(kSse) < play.bytes_per_message(kShortPoll)) == rare);
    const double saved =
        100 * (1 - play.bytes_per_message(kWebSocket) / play.bytes_per_message(kShortPoll));
    if (rate == "0.2") CHECK(saved > 90);
    if (rate == "100") CHECK(saved < 50);
    note(at + "savedPercent", saved);
    note(at + "longPollRequests",
         static_cast<double>(play.lane(kLongPoll).wire().total().requests) / 600);
  }
}

TEST_CASE("requests one after another use one connection", "[guide]") {
  Play play(R"({"lanes":["short-poll","long-poll","sse","websocket"],"scenario":{"rate":1}})");
  play.pass_seconds(600);
  const auto total = [&](TransportId each) { return play.lane(each).wire().total(); };
  for (const TransportId each : {kShortPoll, kLongPoll, kSse, kWebSocket}) {
    CHECK(total(each).connections == 1);
  }
  CHECK(total(kShortPoll).requests >= 590);
  CHECK(total(kSse).requests == 1);
  CHECK(total(kWebSocket).requests == 1);
  note("connections.minutes", 10);
  note("connections.polls", static_cast<double>(total(kShortPoll).requests));
  note("connections.ofPolls", static_cast<double>(total(kShortPoll).connections));
  note("connections.longPolls", static_cast<double>(total(kLongPoll).requests));
  note("connections.messages", static_cast<double>(play.lane(kWebSocket).ledger().delivered()));
  note("connections.streamRequests", static_cast<double>(total(kSse).requests));
  note("connections.socketRequests", static_cast<double>(total(kWebSocket).requests));
}

// Of messages by themselves: a run with twice as many, and what it cost more.
TEST_CASE("what an event, a line and a frame add to a message", "[guide]") {
  const auto bytes_of = [](const std::string& count) {
    Play play(R"({"lanes":["sse","ndjson","websocket"],"scenario":{"rate":50,"count":)" + count +
              "}}");
    play.pass_seconds(24);  // no heartbeat among them
    std::vector<double> bytes;
    for (const client::ObservedLane& each : play.run().lanes()) {
      CHECK(each.ledger().delivered() == std::stoul(count));
      bytes.push_back(static_cast<double>(each.wire().total().bytes_out));
    }
    return bytes;
  };
  const std::vector<double> once = bytes_of("500");
  const std::vector<double> twice = bytes_of("1000");
  // The numbers of these messages have three digits (the last one four), their times sixteen.
  const std::string record =
      R"({"seq":501,"sent_us":1790000000000000,"payload":")" + std::string(64, 'x') + R"("})";
  std::vector<double> added;
  for (std::size_t i = 0; i < once.size(); ++i) {
    added.push_back((twice[i] - once[i]) / 500 - static_cast<double>(record.size()));
  }
  CHECK(std::abs(added[2] - head_bytes(record.size(), false)) < 0.01);
  CHECK(added[1] > added[2]);
  CHECK(added[0] > added[1]);
  note("added.event", added[0]);
  note("added.line", added[1]);
  note("added.frame", added[2]);
  note("added.record", static_cast<double>(record.size()));
  note("added.payload", 64);
}

struct Counter final : event_stream::ParserEvents {
  void on_event(const event_stream::Event&) override { ++events; }
  void on_retry(std::uint64_t) override {}
  int events = 0;
};

TEST_CASE("the smallest event adds a few bytes, and a comment is no event", "[guide]") {
  std::string event;
  event_stream::encode({.type = {}, .data = "x", .id = {}}, event);
  note("event.leastBytes", static_cast<double>(event.size() - 1));
  const std::string comment = ":\n\n";
  note("event.commentBytes", static_cast<double>(comment.size()));
  Counter counter;
  event_stream::Parser parser;
  for (int i = 0; i < 100; ++i) parser.feed(comment, counter);
  CHECK(counter.events == 0);
  parser.feed(event, counter);
  CHECK(counter.events == 1);
  note("event.seenOfComments", 0);
}

}  // namespace
}  // namespace playground::guide
