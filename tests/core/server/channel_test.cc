#include "core/server/channel.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/poll/batch.h"
#include "core/server/held_poll.h"
#include "core/server/memory_log.h"
#include "tests/support/fake_outlet.h"
#include "tests/support/manual_clock.h"
#include "tests/support/stream_reader.h"

namespace playground::server {
namespace {

constexpr std::int64_t kStart = 1'790'000'000'000'000;

struct ChannelScene {
  explicit ChannelScene(const Scenario& scenario)
      : channel(scenario, schedule, limits, metrics,
                std::make_unique<MemoryLog>(scenario.history, limits.log_payload_bytes)) {}

  Audience& audience() { return channel.audience(); }
  // With a log in memory it is there before the call returns.
  std::string batch(std::uint64_t cursor) {
    std::string out;
    channel.answer(cursor, Served::kPoll, [&](PollBatch batch) { out = std::move(batch.json); });
    return out;
  }
  std::uint64_t publish(std::string_view payload) {
    std::uint64_t number = 0;
    channel.publish(payload, [&](const auto& seq) { number = *seq; });
    return number;
  }
  void pass(std::int64_t us) { pass_time(clock, schedule, clock.us + us); }

  ManualClock clock = [] {
    ManualClock begun;
    begun.us = kStart;
    return begun;
  }();
  Schedule schedule{clock};
  Limits limits;
  Metrics metrics;
  Channel channel;
};

using Reader = StreamReader;

Message scheduled(const ChannelScene& f, std::uint64_t seq) {
  return std::get<Message>(
      *parse_record(const_cast<ChannelScene&>(f).channel.log().window().json(seq)));
}

TEST_CASE("the k-th message is sent at start + k / rate, and the first at once") {
  ChannelScene f({.rate = 3, .payload_bytes = 16, .count = 0, .history = 100});
  f.pass(0);
  CHECK(f.channel.log().last() == 1);
  f.pass(10 * kSecondUs);
  REQUIRE(f.channel.log().last() == 31);
  CHECK(scheduled(f, 1).sent_us == kStart);
  CHECK(scheduled(f, 2).sent_us == kStart + 333'333);
  CHECK(scheduled(f, 3).sent_us == kStart + 666'667);
  CHECK(scheduled(f, 31).sent_us == kStart + 10 * kSecondUs);
}

TEST_CASE("after a stall the channel catches up, and the scheduled times show it") {
  ChannelScene f({.rate = 1000, .payload_bytes = 16, .count = 0, .history = 100000});
  f.clock.us += 20 * kSecondUs;  // nobody ran the schedule
  f.schedule.run_due();
  const std::uint64_t first_turn = f.channel.log().last();
  CHECK(first_turn < 20'001);  // others have their turn
  f.pass(0);
  CHECK(f.channel.log().last() == 20'001);
  CHECK(scheduled(f, 20'001).sent_us == kStart + 20 * kSecondUs);
  CHECK(scheduled(f, 2).sent_us == kStart + 1000);
}

TEST_CASE("a scenario with a count ends after so many, and what readers publish does not count") {
  ChannelScene f({.rate = 1000, .payload_bytes = 16, .count = 5, .history = 100});
  CHECK(f.publish("from a reader") == 1);
  f.pass(kSecondUs);
  CHECK(f.channel.log().last() == 6);
}

TEST_CASE("what is due at one moment reaches a subscriber in one send") {
  ChannelScene f({.rate = 5000, .payload_bytes = 16, .count = 0, .history = 1000});
  f.pass(0);
  Reader reader(f.audience(), 1);
  f.clock.us += 2000;
  f.schedule.run_due();
  const auto records = reader.take();
  REQUIRE(records.size() == 11);
  CHECK(std::get<Greeting>(records[0]) == Greeting{1, 15});
  CHECK(std::get<Message>(records[1]).seq == 2);
  CHECK(std::get<Message>(records[10]).seq == 11);
}

TEST_CASE("a subscriber that blocks goes on where it stopped") {
  ChannelScene f({.rate = 100, .payload_bytes = 16, .count = 10, .history = 100});
  Reader reader(f.audience());
  reader.outlet.room_for_pieces = 3;
  f.pass(kSecondUs);
  CHECK(reader.take().size() == 4);  // the greeting before it was made to block, three messages
  reader.outlet.room_for_pieces = 100;
  reader.subscriber->on_writable();
  const auto rest = reader.take();
  REQUIRE(rest.size() == 7);
  CHECK(std::get<Message>(rest.front()).seq == 4);
  CHECK(std::get<Message>(rest.back()).seq == 10);
}

TEST_CASE("a subscriber whose cursor fell off the log is told, and goes on from what there is") {
  ChannelScene f({.rate = 100, .payload_bytes = 16, .count = 10, .history = 3});
  Reader reader(f.audience());
  reader.take();
  reader.outlet.room_for_pieces = 1;
  f.pass(kSecondUs);
  CHECK(reader.take().size() == 1);
  reader.outlet.room_for_pieces = 100;
  reader.subscriber->on_writable();
  const auto rest = reader.take();
  REQUIRE(rest.size() == 4);
  CHECK(std::get<Reset>(rest[0]) == Reset{8, 10});
  CHECK(std::get<Message>(rest[1]).seq == 8);
  CHECK(std::get<Message>(rest[3]).seq == 10);
}

TEST_CASE("a reset that finds no room is not lost") {
  ChannelScene f({.rate = 100, .payload_bytes = 16, .count = 10, .history = 3});
  Reader reader(f.audience());
  reader.take();
  reader.outlet.room_for_pieces = 1;
  f.pass(kSecondUs);
  reader.take();
  reader.outlet.room_for_pieces = 0;
  reader.subscriber->on_writable();
  reader.outlet.room_for_pieces = 100;
  reader.subscriber->on_writable();
  CHECK(reader.take().size() == 4);
}

TEST_CASE("a subscriber that is closed disturbs nobody") {
  ChannelScene f({.rate = 100, .payload_bytes = 16, .count = 10, .history = 100});
  Reader closed(f.audience());
  Reader reader(f.audience());
  closed.outlet.closed = true;
  f.pass(kSecondUs);
  CHECK(reader.take().size() == 11);
}

TEST_CASE("a heartbeat comes after 15 s in which nothing was published, and every 15 s") {
  ChannelScene f({.rate = 1, .payload_bytes = 16, .count = 4, .history = 100});
  Reader reader(f.audience());
  f.pass(3 * kSecondUs);
  CHECK(reader.take().size() == 5);
  f.pass(15 * kSecondUs - 1);
  CHECK(reader.take().empty());
  f.pass(1);
  auto records = reader.take();
  REQUIRE(records.size() == 1);
  CHECK(std::get<Heartbeat>(records[0]) == Heartbeat{kStart + 18 * kSecondUs});
  f.pass(15 * kSecondUs);
  CHECK(reader.take().size() == 1);
  f.publish("x");
  CHECK(reader.take().size() == 1);
  f.pass(15 * kSecondUs - 1);
  CHECK(reader.take().empty());
  f.pass(1);
  CHECK(reader.take().size() == 1);
}

TEST_CASE("a subscriber that is behind gets no heartbeat") {
  ChannelScene f({.rate = 1, .payload_bytes = 16, .count = 1, .history = 100});
  Reader reader(f.audience());
  reader.outlet.room_for_pieces = 0;
  f.pass(60 * kSecondUs);
  reader.take();
  reader.outlet.room_for_pieces = 100;
  reader.subscriber->on_writable();
  const auto records = reader.take();
  REQUIRE(records.size() == 1);
  CHECK(std::get<Message>(records[0]).seq == 1);
}

TEST_CASE("a batch holds what follows the cursor, and says when something is missing") {
  ChannelScene f({.rate = 100, .payload_bytes = 16, .count = 10, .history = 5});
  f.pass(kSecondUs);
  auto batch = poll::parse_batch(f.batch(8));
  REQUIRE(batch);
  CHECK(batch->messages.size() == 2);
  CHECK(batch->last == 10);
  CHECK_FALSE(batch->reset);
  batch = poll::parse_batch(f.batch(2));
  REQUIRE(batch);
  CHECK(batch->messages.size() == 5);
  CHECK(batch->reset == Reset{6, 10});
  batch = poll::parse_batch(f.batch(10));
  REQUIRE(batch);
  CHECK(batch->messages.empty());
  CHECK(batch->last == 10);
}

TEST_CASE("a batch is cut at its limit, and the next goes on from there") {
  ChannelScene f({.rate = 5000, .payload_bytes = 65536, .count = 40, .history = 1000});
  f.pass(kSecondUs);
  std::uint64_t cursor = 0;
  int batches = 0;
  while (cursor < 40) {
    const std::string json = f.batch(cursor);
    CHECK(json.size() <= f.limits.batch_bytes + 100);
    const auto batch = poll::parse_batch(json);
    REQUIRE(batch);
    REQUIRE(batch->messages.front().seq == cursor + 1);
    cursor = batch->last;
    ++batches;
  }
  CHECK(batches == 3);
}

TEST_CASE("a held poll is answered by the next message, whole with its length") {
  ChannelScene f({.rate = 1, .payload_bytes = 16, .count = 1, .history = 100});
  f.pass(0);
  FakeOutlet outlet;
  HeldPoll poll(f.audience(), 1, f.clock.us + 20 * kSecondUs);
  poll.begin(outlet, "HTTP/1.1 200 OK\r\nA: b\r\n\r\n");
  CHECK(outlet.text.empty());
  CHECK(f.audience().size() == 1);
  f.publish("x");
  const std::string body = f.batch(1);
  CHECK(outlet.text == "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: " + std::to_string(body.size()) +
                           "\r\n\r\n" + body);
  CHECK(outlet.finished);
  CHECK(f.audience().size() == 0);
}

TEST_CASE("a held poll is answered empty when its time is over") {
  ChannelScene f({.rate = 1, .payload_bytes = 16, .count = 1, .history = 100});
  f.pass(0);
  FakeOutlet outlet;
  HeldPoll poll(f.audience(), 1, f.clock.us + 20 * kSecondUs);
  poll.begin(outlet, "HTTP/1.1 200 OK\r\n\r\n");
  f.pass(20 * kSecondUs - 1);
  CHECK(outlet.text.empty());
  f.pass(1);
  CHECK(outlet.text.ends_with(R"({"messages":[],"last":1})"));
}

TEST_CASE("the end of a channel ends its streams and answers its polls") {
  ChannelScene f({.rate = 1, .payload_bytes = 16, .count = 1, .history = 100});
  f.pass(0);
  FakeOutlet sse_outlet;
  Subscriber sse(f.audience(), WireFormat::kEventStream, 0);
  sse.begin(sse_outlet, {});
  FakeOutlet poll_outlet;
  HeldPoll poll(f.audience(), 1, f.clock.us + kSecondUs);
  poll.begin(poll_outlet, "HTTP/1.1 200 OK\r\n\r\n");
  f.channel.end();
  CHECK(sse_outlet.finished);
  CHECK(sse_outlet.text.ends_with("\r\n0\r\n\r\n"));
  CHECK(poll_outlet.finished);
  CHECK(poll_outlet.text.ends_with(R"({"messages":[],"last":1})"));
  CHECK(f.audience().size() == 0);
  f.pass(100 * kSecondUs);
  CHECK_FALSE(f.schedule.next_us());
}

}  // namespace
}  // namespace playground::server
