#include "core/client/words.h"

#include <catch2/catch_test_macros.hpp>

namespace playground::client {
namespace {

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
