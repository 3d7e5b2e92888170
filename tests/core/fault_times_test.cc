#include "core/fault_times.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace playground {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

// What has changed, as "+delay" and "-delay".
std::vector<std::string> changes(FaultTimes& times, std::int64_t now) {
  std::vector<std::string> out;
  times.step(now, [&](const Fault& fault, FaultChange change) {
    out.push_back((change == FaultChange::kBegins ? "+" : "-") + std::string(name(fault.kind)));
  });
  return out;
}

using Changes = std::vector<std::string>;

TEST_CASE("a fault begins at its moment and ends after its length") {
  FaultTimes times;
  times.add({.kind = FaultKind::kStall, .after_s = 2, .for_s = 3}, 10);
  CHECK(changes(times, 10).empty());
  CHECK(times.next() == 10 + 2 * kSecond);
  CHECK(times.active().empty());
  CHECK(changes(times, 10 + 2 * kSecond) == Changes{"+stall"});
  CHECK(times.active().size() == 1);
  CHECK(times.next() == 10 + 5 * kSecond);
  CHECK(changes(times, 10 + 5 * kSecond) == Changes{"-stall"});
  CHECK_FALSE(times.next());
}

TEST_CASE("a fault without a length stays until it is lifted, and a moment only begins") {
  FaultTimes times;
  times.add({.kind = FaultKind::kDelay}, 0);
  times.add({.kind = FaultKind::kCut}, 0);
  CHECK(changes(times, 0) == Changes{"+delay", "+cut"});
  CHECK(times.active().size() == 1);
  CHECK_FALSE(times.next());
  times.clear();
  CHECK(times.active().empty());
}

TEST_CASE("a clock that jumps misses neither beginning nor end") {
  FaultTimes times;
  times.add({.kind = FaultKind::kBuffer, .after_s = 1, .for_s = 1}, 0);
  CHECK(changes(times, 60 * kSecond) == Changes{"+buffer", "-buffer"});
}

TEST_CASE("one that is taken off is handed back, and no other has its number") {
  FaultTimes times;
  const auto first = times.add({.kind = FaultKind::kStall}, 0);
  REQUIRE(first);
  CHECK(changes(times, 0) == Changes{"+stall"});
  const auto removed = times.remove(*first);
  REQUIRE(removed);
  CHECK(removed->fault.kind == FaultKind::kStall);
  CHECK(removed->begun);
  CHECK_FALSE(times.remove(*first));
  const auto second = times.add({.kind = FaultKind::kDelay, .after_s = 1}, 0);
  CHECK(second != first);
  CHECK_FALSE(times.remove(*second)->begun);
  CHECK_FALSE(times.next());
}

TEST_CASE("there are a hundred at once, begun or not") {
  FaultTimes times;
  for (std::size_t i = 0; i < kMaxFaults; ++i) {
    REQUIRE(times.add({.kind = FaultKind::kStall, .after_s = double(i), .for_s = 1}, 0));
  }
  CHECK_FALSE(times.add({.kind = FaultKind::kStall}, 0));
  changes(times, kSecond);
  CHECK(times.add({.kind = FaultKind::kStall}, kSecond));
}

}  // namespace
}  // namespace playground
