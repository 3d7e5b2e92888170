// A channel whose log answers later (core/server/log.h): nothing is lost, nothing comes twice, and
// nothing is used that is gone.
#include "tests/support/late_log.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/poll/batch.h"
#include "core/server/channel.h"
#include "core/server/held_poll.h"
#include "core/server/pending_answer.h"
#include "core/server/websocket_subscriber.h"
#include "core/websocket/frame.h"
#include "tests/support/fake_outlet.h"
#include "tests/support/manual_clock.h"
#include "tests/support/stream_reader.h"

namespace playground::server {
namespace {

using Numbers = std::vector<std::uint64_t>;

constexpr const char* kHead = "HTTP/1.1 200 OK\r\n\r\n";

// A channel without messages of its own, and a log with a window of three.
struct LateLogScene {
  explicit LateLogScene(const Scenario& scenario = {.rate = 1, .payload_bytes = 16, .count = 1}) {
    auto owned = std::make_unique<LateLog>(3, "a1b2c3");
    log = owned.get();
    channel.emplace(scenario, schedule, limits, metrics, std::move(owned));
  }

  // Messages from elsewhere.
  void arrive(int count) {
    for (int i = 0; i < count; ++i) log->arrive(clock.us, "x");
  }
  std::uint64_t at(std::string_view text) { return *channel->cursor(text, Effects{}); }

  ManualClock clock;
  Schedule schedule{clock};
  Limits limits;
  Metrics metrics;
  LateLog* log = nullptr;
  std::optional<Channel> channel;
};

Numbers numbers(const poll::Batch& batch) {
  Numbers all;
  for (const Message& message : batch.messages) all.push_back(message.seq);
  return all;
}

poll::Batch batch_of(const FakeOutlet& outlet) {
  const auto batch = poll::parse_batch(outlet.text.substr(outlet.text.find("\r\n\r\n") + 4));
  REQUIRE(batch);
  return *batch;
}

TEST_CASE("a message is published when the log has it, and then its number is known") {
  LateLogScene f;
  StreamReader reader(f.channel->audience());
  reader.take();
  std::uint64_t seq = 0;
  f.channel->publish("hi", [&](const auto& number) { seq = *number; });
  CHECK(seq == 0);
  CHECK(reader.take().empty());
  f.log->answer_all();
  CHECK(seq == 1);
  CHECK(reader.take_messages() == Numbers{1});
}

TEST_CASE("a scenario's messages carry their numbers, though the log is behind") {
  LateLogScene f({.rate = 10, .payload_bytes = 16, .count = 5, .history = 100});
  StreamReader reader(f.channel->audience());
  reader.take();
  pass_time(f.clock, f.schedule, kSecondUs);
  CHECK(f.log->asked() == 5);
  f.log->answer_all();
  const auto records = reader.take();
  REQUIRE(records.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    const auto& message = std::get<Message>(records[i]);
    CHECK(message.seq == i + 1);
    CHECK(message.payload.starts_with("#" + std::to_string(i + 1) + " "));
    CHECK(message.sent_us == static_cast<std::int64_t>(i) * 100'000);
  }
}

TEST_CASE("a WebSocket's message comes back when the log has it, the sender being there or not") {
  LateLogScene f;
  StreamReader reader(f.channel->audience());
  std::string frame;
  websocket::encode_frame(websocket::Opcode::kText, "hi", frame, websocket::MaskingKey{1, 2, 3, 4});
  FakeOutlet outlet;
  auto sender = std::make_unique<WebSocketSubscriber>(*f.channel, 0, 1000);
  sender->begin(outlet, {});
  sender->on_bytes(frame);
  sender->on_bytes(frame);
  f.log->answer();
  CHECK(outlet.text.find("\"seq\":1,") != std::string::npos);
  sender.reset();
  f.log->answer_all();
  CHECK(reader.take_messages() == Numbers{1, 2});
}

TEST_CASE("a poll for what the window has is answered at once, for older ones later") {
  LateLogScene f;
  f.arrive(10);
  std::vector<poll::Batch> batches;
  const auto take = [&](const PollBatch& batch) {
    batches.push_back(*poll::parse_batch(batch.json));
  };
  f.channel->answer(f.at("8"), Served::kPoll, take);
  REQUIRE(batches.size() == 1);
  CHECK(numbers(batches[0]) == Numbers{9, 10});
  CHECK(batches[0].epoch == "a1b2c3");
  CHECK(f.log->reads == 0);

  f.channel->answer(f.at("5-a1b2c3"), Served::kPoll, take);
  CHECK(batches.size() == 1);
  f.log->answer_all();
  REQUIRE(batches.size() == 2);
  CHECK(numbers(batches[1]) == Numbers{6, 7, 8, 9, 10});
  CHECK_FALSE(batches[1].reset);
  CHECK(f.metrics.of(Served::kPoll).messages == 7);
  CHECK(f.metrics.of(Served::kPoll).dropped == 0);
}

TEST_CASE("polls walk through a long log, whatever comes while it answers") {
  LateLogScene f;
  f.arrive(30);
  Numbers all;
  std::uint64_t cursor = f.at("");
  CHECK(cursor == 0);
  for (int polls = 0; cursor < 40 && polls < 100; ++polls) {
    f.channel->answer(cursor, Served::kPoll, [&](const PollBatch& answer) {
      const auto batch = poll::parse_batch(answer.json);
      CHECK_FALSE(batch->reset);
      for (const std::uint64_t seq : numbers(*batch)) all.push_back(seq);
      cursor = batch->last;
    });
    if (polls < 10) f.arrive(1);
    f.log->answer_all();
  }
  REQUIRE(all.size() == 40);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == i + 1);
}

TEST_CASE("a poll for what nobody has any more is told so, by the log and not by its window") {
  LateLogScene f;
  f.arrive(10);
  f.log->drop(4);
  std::optional<poll::Batch> batch;
  f.channel->answer(1, Served::kPoll,
                    [&](const PollBatch& answer) { batch = *poll::parse_batch(answer.json); });
  f.log->answer_all();
  REQUIRE(batch);
  CHECK(batch->reset == Reset{5, 10});
  CHECK(numbers(*batch) == Numbers{5, 6, 7, 8, 9, 10});
  CHECK(f.metrics.of(Served::kPoll).dropped == 3);
}

TEST_CASE("a stream that resumes is greeted at once, and gets all it missed") {
  LateLogScene f;
  f.arrive(20);
  StreamReader reader(f.channel->audience(), f.at("2-a1b2c3"));
  auto records = reader.take();
  REQUIRE(records.size() == 1);
  CHECK(std::get<Greeting>(records[0]) == Greeting{20, f.limits.heartbeat_s, "a1b2c3"});
  f.arrive(1);  // while it waits
  CHECK(reader.take().empty());
  f.log->answer();
  CHECK(reader.take_messages() == Numbers{3, 4, 5, 6});
  f.arrive(1);
  f.log->answer_all();
  Numbers rest;
  for (std::uint64_t seq = 7; seq <= 22; ++seq) rest.push_back(seq);
  CHECK(reader.take_messages() == rest);
  f.arrive(1);
  CHECK(reader.take_messages() == Numbers{23});
}

TEST_CASE("a stream that blocks in the middle of what it missed goes on there") {
  LateLogScene f;
  f.arrive(12);
  StreamReader reader(f.channel->audience(), 2);
  reader.take();
  reader.outlet.room_for_pieces = 2;
  f.log->answer_all();
  CHECK(reader.take_messages() == Numbers{3, 4});
  CHECK(f.log->asked() == 0);
  reader.outlet.room_for_pieces = 100;
  reader.subscriber->on_writable();
  reader.subscriber->on_writable();
  f.log->answer_all();
  CHECK(reader.take_messages() == Numbers{5, 6, 7, 8, 9, 10, 11, 12});
}

TEST_CASE("a stream is told of what is gone, wherever the log finds it out") {
  LateLogScene f;
  f.arrive(12);
  StreamReader reader(f.channel->audience(), 2);
  reader.take();
  f.log->drop(5);
  f.log->answer_all();
  const auto records = reader.take();
  REQUIRE(records.size() == 8);
  CHECK(std::get<Reset>(records[0]) == Reset{6, 12});
  CHECK(std::get<Message>(records[1]).seq == 6);
  CHECK(std::get<Message>(records[7]).seq == 12);
  CHECK(f.metrics.of(Served::kNdjson).dropped == 3);
}

TEST_CASE("a stream that is gone, or has ended, is not sent the log's answer") {
  LateLogScene f;
  f.arrive(12);
  auto gone = std::make_unique<StreamReader>(f.channel->audience(), 2);
  StreamReader ended(f.channel->audience(), 2);
  gone.reset();
  ended.subscriber->end();
  ended.take();
  f.log->answer_all();
  CHECK(ended.take().empty());
  CHECK(ended.outlet.finished);
}

TEST_CASE("held polls that a burst leaves behind the window get it from the log, once") {
  LateLogScene f;
  f.arrive(1);
  std::vector<FakeOutlet> outlets(3);
  std::vector<std::unique_ptr<HeldPoll>> polls;
  for (FakeOutlet& outlet : outlets) {
    polls.push_back(std::make_unique<HeldPoll>(f.channel->audience(), 1, 20 * kSecondUs));
    polls.back()->begin(outlet, kHead);
  }
  f.log->arrive_together(5);
  CHECK(f.log->asked() == 3);
  f.channel->audience().deliver();
  CHECK(f.log->asked() == 3);
  for (const FakeOutlet& outlet : outlets) CHECK(outlet.text.empty());
  polls[1].reset();  // its connection closes
  CHECK(f.channel->audience().size() == 2);
  f.log->answer_all();
  CHECK(numbers(batch_of(outlets[0])) == Numbers{2, 3, 4, 5, 6});
  CHECK(outlets[1].text.empty());
  CHECK(outlets[2].text == outlets[0].text);
  CHECK(f.channel->audience().size() == 0);
}

TEST_CASE("a held poll is answered by the log though its time is over meanwhile") {
  LateLogScene f;
  f.arrive(6);
  FakeOutlet outlet;
  HeldPoll poll(f.channel->audience(), 1, kSecondUs);
  poll.begin(outlet, kHead);
  poll.ask();
  pass_time(f.clock, f.schedule, 10 * kSecondUs);
  CHECK(outlet.text.empty());
  f.log->answer_all();
  CHECK(numbers(batch_of(outlet)) == Numbers{2, 3, 4, 5, 6});
  CHECK(outlet.finished);
  CHECK(f.channel->audience().size() == 0);
}

TEST_CASE("a channel that ends while the log has not answered leaves nobody without an end") {
  LateLogScene f;
  f.arrive(12);
  StreamReader stream(f.channel->audience(), 2);
  FakeOutlet held_outlet;
  HeldPoll held(f.channel->audience(), 2, 20 * kSecondUs);
  held.begin(held_outlet, kHead);
  held.ask();
  FakeOutlet poll_outlet;
  FakeOutlet publish_outlet;
  const auto ask = [&](FakeOutlet& outlet, auto start) {
    const PendingAnswer answer;
    start(answer);
    CHECK_FALSE(answer.given());
    Reply reply;
    answer.settle(reply);
    reply.session->begin(outlet, kHead);
    return std::move(reply.session);
  };
  const auto poll = ask(poll_outlet, [&](const PendingAnswer& answer) {
    f.channel->answer(2, Served::kPoll, [answer](const PollBatch& batch) {
      answer.give(batch.json, batch.messages);
    });
  });
  const auto publish = ask(publish_outlet, [&](const PendingAnswer& answer) {
    f.channel->publish("x", [answer](const auto&) { answer.give("never"); });
  });
  CHECK(poll_outlet.text.empty());
  f.channel.reset();
  CHECK(stream.outlet.finished);
  CHECK(stream.take_messages().empty());
  CHECK(held_outlet.finished);
  CHECK(batch_of(held_outlet).reset == Reset{10, 12});
  for (const FakeOutlet* outlet : {&poll_outlet, &publish_outlet}) {
    CHECK(outlet->finished);
    CHECK(outlet->text.starts_with("HTTP/1.1 503 "));
  }
}

TEST_CASE("a message that the log cannot take is refused, and has no number") {
  LateLogScene f;
  StreamReader reader(f.channel->audience());
  reader.take();
  f.log->available = false;
  std::optional<AppendError> error;
  const auto publish = [&] {
    f.channel->publish("x", [&](const auto& seq) {
      if (!seq) error = seq.error();
    });
  };
  publish();
  f.log->answer_all();
  CHECK(error == AppendError::kUnavailable);
  CHECK(to_text(*error) == "the channel's log is not available");
  CHECK(reader.take().empty());
  f.log->available = true;
  publish();
  f.log->answer_all();
  CHECK(reader.take_messages() == Numbers{1});
}

TEST_CASE("what the log answers later reaches the poll that waits for it") {
  LateLogScene f;
  f.arrive(12);
  FakeOutlet outlet;
  const PendingAnswer answer;
  f.channel->answer(10, Served::kPoll,
                    [answer](const PollBatch& batch) { answer.give(batch.json, batch.messages); });
  CHECK(answer.given());  // from the window
  const PendingAnswer later;
  f.channel->answer(2, Served::kPoll,
                    [later](const PollBatch& batch) { later.give(batch.json, batch.messages); });
  REQUIRE_FALSE(later.given());
  Reply reply;
  later.settle(reply);
  REQUIRE(reply.form == Reply::Form::kHeld);
  reply.session->begin(outlet, kHead);
  f.log->answer_all();
  CHECK(numbers(batch_of(outlet)).front() == 3);
}

TEST_CASE("when the log begins anew, its readers are told and its old numbers mean nothing") {
  LateLogScene f;
  f.arrive(12);
  StreamReader stream(f.channel->audience(), 12);
  StreamReader behind(f.channel->audience(), 2);
  FakeOutlet outlet;
  HeldPoll held(f.channel->audience(), 12, 20 * kSecondUs);
  held.begin(outlet, kHead);
  f.log->begin_anew("d4e5f6");
  CHECK(f.channel->epoch() == "d4e5f6");
  CHECK(stream.outlet.finished);
  CHECK(behind.outlet.finished);
  f.arrive(2);
  f.log->answer_all();
  const poll::Batch batch = batch_of(outlet);
  CHECK(batch.epoch == "d4e5f6");
  REQUIRE(batch.reset);
  CHECK(numbers(batch) == Numbers{1, 2});
  CHECK(f.at("1-d4e5f6") == 1);
  CHECK(f.at("1-a1b2c3") == kForeignCursor);
}

}  // namespace
}  // namespace playground::server
