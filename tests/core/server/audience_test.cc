#include "core/server/audience.h"

#include <array>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/server/held_poll.h"
#include "core/server/memory_log.h"
#include "tests/support/fake_outlet.h"
#include "tests/support/manual_clock.h"
#include "tests/support/stream_reader.h"

namespace playground::server {
namespace {

struct AudienceScene final : Log::Listener {
  AudienceScene() { log.set_listener(*this); }
  void arrived() override { audience.deliver(); }
  void begun_anew() override { audience.begin_anew(); }
  void ended() override {}
  void trouble_changed() override {}
  void publish() {
    log.append(clock.us, "x", [](const auto&) {});
  }

  ManualClock clock;
  Schedule schedule{clock};
  Limits limits;
  Metrics metrics;
  MemoryLog log{100, 1000, "a1b2c3"};
  Audience audience{log, schedule, limits, metrics};
};

TEST_CASE("readers are counted by transport as they come and go, and when the last went is known") {
  AudienceScene f;
  const auto count = [&](Served served) { return f.metrics.readers_of(served); };
  auto stream = std::make_unique<StreamReader>(f.audience);
  auto other = std::make_unique<StreamReader>(f.audience);
  FakeOutlet outlet;
  HeldPoll poll(f.audience, 0, 20 * kSecondUs);
  CHECK(f.audience.size() == 2);  // it has not begun
  poll.begin(outlet, "HTTP/1.1 200 OK\r\n\r\n");
  CHECK(f.audience.size() == 3);
  CHECK(count(Served::kNdjson) == 2);
  CHECK(count(Served::kLongPoll) == 1);
  f.clock.us = 7;
  f.publish();
  CHECK(count(Served::kLongPoll) == 0);
  CHECK(f.audience.left_us() == 7);
  f.clock.us = 8;
  stream.reset();
  CHECK(f.audience.left_us() == 8);
  CHECK(count(Served::kNdjson) == 1);
  f.audience.end();
  CHECK(f.audience.size() == 0);
  CHECK(count(Served::kNdjson) == 0);
}

TEST_CASE("readers are served in the order in which they came, after others have left") {
  AudienceScene f;
  struct Recorder final : Outlet {
    Sent send(std::span<const Piece> pieces) override {
      order->push_back(name);
      return {SendStatus::kAccepted, pieces.size()};
    }
    void push(const Piece&) override {}
    bool admit_message() override { return true; }
    void finish() override {}
    void cut(bool) override {}
    std::string* order = nullptr;
    char name = 0;
  };
  std::string order;
  std::array<Recorder, 5> outlets;
  std::array<std::unique_ptr<Subscriber>, 5> subscribers;
  for (std::size_t i = 0; i < outlets.size(); ++i) {
    outlets[i].order = &order;
    outlets[i].name = static_cast<char>('a' + i);
    subscribers[i] = std::make_unique<Subscriber>(f.audience, WireFormat::kNdjson, 0);
    subscribers[i]->begin(outlets[i], {});
  }
  subscribers[0].reset();
  subscribers[2].reset();
  order.clear();
  f.publish();
  CHECK(order == "bde");
}

TEST_CASE("a reader may go while others are being served") {
  AudienceScene f;
  struct Closer final : Outlet {
    Sent send(std::span<const Piece> pieces) override {
      if (goes && --countdown == 0) goes->reset();
      return {SendStatus::kAccepted, pieces.size()};
    }
    void push(const Piece&) override {}
    bool admit_message() override { return true; }
    void finish() override {}
    void cut(bool) override {}
    std::unique_ptr<Subscriber>* goes = nullptr;
    int countdown = 1;
  };
  Closer outlet;
  Subscriber first(f.audience, WireFormat::kNdjson, 0);
  first.begin(outlet, {});
  FakeOutlet gone_outlet;
  auto gone = std::make_unique<Subscriber>(f.audience, WireFormat::kNdjson, 0);
  gone->begin(gone_outlet, {});
  StreamReader last(f.audience);
  last.take();
  outlet.goes = &gone;
  f.publish();
  CHECK_FALSE(gone);
  CHECK(last.take_messages() == std::vector<std::uint64_t>{1});
}

TEST_CASE("no heartbeat follows the end") {
  AudienceScene f;
  CHECK(f.schedule.next_us() == f.limits.heartbeat_s * kSecondUs);
  f.audience.end();
  CHECK_FALSE(f.schedule.next_us());
}

}  // namespace
}  // namespace playground::server
