#include "core/client/fault_play.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace playground::client {
namespace {

// What has changed, as "+delay" and "-delay".
std::vector<std::string> changes(FaultPlay& play, Micros now) {
  std::vector<std::string> out;
  play.step(now, [&](const Fault& fault, FaultPlay::Change change) {
    out.push_back((change == FaultPlay::Change::kBegins ? "+" : "-") +
                  std::string(name(fault.kind)));
  });
  return out;
}

using Changes = std::vector<std::string>;

TEST_CASE("a fault begins at its moment and ends after its length") {
  FaultPlay play;
  play.begin(std::vector<Fault>{{.kind = FaultKind::kStall, .after_s = 2, .for_s = 3}}, 10);
  CHECK(changes(play, 10).empty());
  CHECK(play.next() == 10 + 2 * kSecond);
  CHECK(play.active().empty());
  CHECK(changes(play, 10 + 2 * kSecond) == Changes{"+stall"});
  CHECK(play.active().size() == 1);
  CHECK(play.next() == 10 + 5 * kSecond);
  CHECK(changes(play, 10 + 5 * kSecond) == Changes{"-stall"});
  CHECK_FALSE(play.next());
}

TEST_CASE("a fault without a length stays until it is lifted, and a moment only begins") {
  FaultPlay play;
  play.add({.kind = FaultKind::kDelay}, 0);
  play.add({.kind = FaultKind::kCut}, 0);
  CHECK(changes(play, 0) == Changes{"+delay", "+cut"});
  CHECK(play.active().size() == 1);
  CHECK_FALSE(play.next());
  play.clear();
  CHECK(play.active().empty());
}

TEST_CASE("a clock that jumps misses neither beginning nor end") {
  FaultPlay play;
  play.add({.kind = FaultKind::kBuffer, .after_s = 1, .for_s = 1}, 0);
  CHECK(changes(play, 60 * kSecond) == Changes{"+buffer", "-buffer"});
}

TEST_CASE("a fault is told in words, with whom it concerns") {
  CHECK(fault_sentence({.kind = FaultKind::kDelay, .milliseconds = 250}) ==
        "everything comes 250 ms late");
  CHECK(fault_sentence({.kind = FaultKind::kStatus, .lane = "sse", .status = 500}) ==
        "requests are answered 500, on the lane SSE");
  CHECK(fault_sentence({.kind = FaultKind::kBuffer, .transport = "stream"}) ==
        "a proxy holds each response back until it ends, to requests for `stream`");
  for (std::size_t kind = 0; kind < kFaultKindCount; ++kind) {
    const Fault fault{.kind = static_cast<FaultKind>(kind)};
    CAPTURE(name(fault.kind));
    CHECK_FALSE(fault_sentence(fault).empty());
    CHECK_FALSE(fault_word(fault).empty());
  }
}

TEST_CASE("a fault concerns the lane it names, the transport it names, or all") {
  using enum TransportId;
  CHECK(concerns({.kind = FaultKind::kDelay}, kSse, kLongPoll));
  CHECK(concerns({.kind = FaultKind::kDelay, .lane = "sse"}, kSse, kLongPoll));
  CHECK_FALSE(concerns({.kind = FaultKind::kDelay, .lane = "sse"}, kLongPoll, kLongPoll));
  CHECK(concerns({.kind = FaultKind::kDelay, .transport = "sse"}, kWebSocket, kSseFetch));
  CHECK_FALSE(concerns({.kind = FaultKind::kDelay, .transport = "sse"}, kSse, kLongPoll));
  CHECK(concerns({.kind = FaultKind::kUpgradeHang}, kWebSocket, kSse));
  CHECK_FALSE(concerns({.kind = FaultKind::kUpgradeHang}, kSse, kSse));
}

}  // namespace
}  // namespace playground::client
