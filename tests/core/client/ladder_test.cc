#include "core/client/ladder.h"

#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace playground::client {
namespace {

using enum TransportId;
using Transports = std::vector<TransportId>;

TEST_CASE("a lane's ladder begins with what it was asked for and goes down to short polling") {
  for (const TransportInfo& each : transports()) {
    const auto ladder = ladder_for(each.id, std::nullopt);
    CAPTURE(each.name);
    CHECK(ladder.front() == each.id);
    CHECK(ladder.back() == kShortPoll);
  }
  CHECK(ladder_for(kWebSocket, std::nullopt) ==
        Transports{kWebSocket, kSse, kSseFetch, kLongPoll, kShortPoll});
}

TEST_CASE("with an order of the reader's own a lane takes what stands after its transport") {
  const Transports order{kWebSocket, kNdjson, kShortPoll};
  CHECK(ladder_for(kWebSocket, order) == order);
  CHECK(ladder_for(kNdjson, order) == Transports{kNdjson, kShortPoll});
  CHECK(ladder_for(kShortPoll, order) == Transports{kShortPoll});
  CHECK(ladder_for(kSse, order) == Transports{kSse, kWebSocket, kNdjson, kShortPoll});
  CHECK(ladder_for(kSse, Transports{}) == Transports{kSse});
}

TEST_CASE("the memory of a failure expires, later with each failure, up to five minutes") {
  Ladder ladder({kWebSocket, kSse}, 1);
  Micros now = 0;
  CHECK(ladder.expires(0) <= now);
  Micros bound = 10 * kSecond;
  for (int i = 0; i < 8; ++i) {
    const Micros memory = ladder.failed(0, Cause::kRefused, now);
    CHECK(memory >= bound / 2);
    CHECK(memory <= bound);
    CHECK(ladder.expires(0) == now + memory);
    CHECK(ladder.expires(1) <= now);
    now = ladder.expires(0);
    bound = std::min(300 * kSecond, 2 * bound);
  }
  CHECK(bound == 300 * kSecond);
  CHECK(ladder.cause(0) == Cause::kRefused);
}

TEST_CASE("a transport that has proved itself begins with a short memory again") {
  Ladder ladder({kWebSocket, kSse}, 1);
  for (int i = 0; i < 5; ++i) ladder.failed(0, Cause::kRefused, 0);
  ladder.proved(0);
  CHECK(ladder.failed(0, Cause::kRefused, 0) <= 10 * kSecond);
}

TEST_CASE("beginning again, everything may be tried at once, but for an Upgrade") {
  Ladder ladder({kWebSocket, kSse, kLongPoll}, 1);
  ladder.failed(0, Cause::kRefused, 1000);
  ladder.failed(1, Cause::kBuffered, 1000);
  ladder.begin_again();
  CHECK(ladder.expires(0) == 1000 + Ladder::kUpgradeRest);
  CHECK(ladder.expires(1) <= 1000);
  CHECK(ladder.expires(2) <= 1000);
  Ladder alone({kWebSocket}, 1);
  alone.failed(0, Cause::kRefused, 1000);
  alone.begin_again();
  CHECK(alone.expires(0) <= 1000);
}

TEST_CASE("a WebSocket that rests is not put off by each round that fails meanwhile") {
  Ladder ladder({kWebSocket, kSse}, 1);
  ladder.failed(0, Cause::kBuffered, 1000);
  for (Micros now = 2000; now < Ladder::kUpgradeRest; now += 10 * kSecond) {
    ladder.failed(1, Cause::kNoAnswer, now);
    ladder.begin_again();
  }
  CHECK(ladder.expires(0) == 1000 + Ladder::kUpgradeRest);
}

}  // namespace
}  // namespace playground::client
