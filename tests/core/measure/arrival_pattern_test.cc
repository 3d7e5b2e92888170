#include "core/measure/arrival_pattern.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "core/random.h"

namespace playground::measure {
namespace {

using Kind = ArrivalPattern::Kind;

constexpr std::int64_t kMs = 1000;
constexpr std::int64_t kPath = 2 * kMs;

// What is found of a hundred messages, `every` apart, each arriving when `arrives(i, sent)` says.
std::optional<ArrivalPattern::Finding> found(
    std::int64_t every, const std::function<std::int64_t(int, std::int64_t)>& arrives) {
  ArrivalPattern pattern;
  std::optional<ArrivalPattern::Finding> last;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t sent = i * every;
    if (const auto finding = pattern.arrived(sent, arrives(i, sent), kPath)) last = finding;
  }
  return last;
}

TEST_CASE("what comes as it is sent shows no pattern, near or far, steady or not") {
  Random random(1);
  CHECK_FALSE(found(200 * kMs, [](int, std::int64_t sent) { return sent + kPath; }));
  CHECK_FALSE(found(10 * kMs, [](int, std::int64_t sent) { return sent + kPath; }));
  CHECK_FALSE(found(200 * kMs, [&](int, std::int64_t sent) {
    return sent + kPath + static_cast<std::int64_t>(random.unit() * 400 * kMs);
  }));
  // Faster than the clock is known.
  CHECK_FALSE(found(200 * kMs, [](int, std::int64_t sent) { return sent - 3 * kMs; }));
}

TEST_CASE("every write held for the same time is found, with the time") {
  for (const std::int64_t held : {60 * kMs, 200 * kMs, 1500 * kMs}) {
    CAPTURE(held);
    const auto finding =
        found(2000 * kMs, [&](int, std::int64_t sent) { return sent + kPath + held; });
    REQUIRE(finding);
    CHECK(finding->kind == Kind::kHeld);
    CHECK(finding->duration_us == held);
  }
  CHECK_FALSE(found(2000 * kMs, [](int, std::int64_t sent) { return sent + kPath + 40 * kMs; }));
}

TEST_CASE("messages that come in lumps are found, with how many and how often") {
  const auto finding = found(100 * kMs, [](int i, std::int64_t) {
    return (i / 5 + 1) * 500 * kMs + kPath;  // five at a time
  });
  REQUIRE(finding);
  CHECK(finding->kind == Kind::kLumps);
  CHECK(finding->count == 5);
  CHECK(finding->duration_us == 500 * kMs);
}

TEST_CASE("lumps that a busy machine makes are not blamed on the way") {
  Random random(1);
  // It looks every 120 ms or so, three messages at a time.
  const auto busy = [&](std::int64_t every) {
    std::int64_t looks = 0;
    return found(every, [&, every](int, std::int64_t sent) {
      while (looks < sent + kPath) {
        looks += 3 * every - every / 2 +
                 static_cast<std::int64_t>(random.unit() * static_cast<double>(every));
      }
      return looks;
    });
  };
  for (int i = 0; i < 20; ++i) CHECK_FALSE(busy(40 * kMs));
  // As short a lump that is held until three are together.
  const auto finding = found(40 * kMs, [&](int i, std::int64_t) {
    return (i / 3 * 3 + 2) * 40 * kMs + kPath + static_cast<std::int64_t>(random.unit() * 4 * kMs);
  });
  REQUIRE(finding);
  CHECK(finding->kind == Kind::kLumps);
  CHECK(finding->count == 3);
}

TEST_CASE("messages that were sent together and come together are no lumps") {
  ArrivalPattern pattern;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t sent = (i / 5) * 500 * kMs;
    CHECK_FALSE(pattern.arrived(sent, sent + kPath, kPath));
  }
}

TEST_CASE("what a connection brings at once after a silence was not held back by it") {
  ArrivalPattern pattern;
  std::int64_t at = 60'000 * kMs;
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(pattern.arrived(i * 50 * kMs, at += 10, kPath));
  }
}

TEST_CASE("each message that comes with the next one is found") {
  const auto finding =
      found(200 * kMs, [](int, std::int64_t sent) { return sent + 200 * kMs + kPath; });
  REQUIRE(finding);
  CHECK(finding->kind == Kind::kOneBehind);
}

TEST_CASE("what came over another connection is not counted in") {
  ArrivalPattern pattern;
  for (int i = 0; i < 200; ++i) {
    if (i % 20 == 0) pattern.begin_anew();
    CHECK_FALSE(pattern.arrived(i * 1000 * kMs, i * 1000 * kMs + 300 * kMs, kPath));
  }
}

}  // namespace
}  // namespace playground::measure
