#include "core/check/manner.h"

#include <array>
#include <iterator>

#include <catch2/catch_test_macros.hpp>

namespace playground::check {
namespace {

using client::kMillisecond;
using Delays = std::array<Micros, std::size(kWriteMoments)>;

Observation writes(const Delays& delays) {
  Observation out;
  out.probe.kind = ProbeKind::kWrites;
  for (std::size_t i = 0; i < delays.size(); ++i) {
    const Micros sent = kWriteMoments[i] * kMillisecond;
    out.arrivals.push_back({i, sent, sent + delays[i] * kMillisecond, 40});
  }
  return out;
}

TEST_CASE("what the line takes of every write is no delay, however long it is") {
  for (const Micros line : {0, 1, 30, 300, 3000}) {
    CAPTURE(line);
    const Passage found =
        passage(writes({line, line, line + 3, line, line, line + 9}), 2 * kMillisecond);
    CHECK(found.manner == Manner::kAsWritten);
  }
}

// HAProxy's small writes wait for 0.2 s or for the end of the answer, whatever comes first: where
// the end comes late, each of them was late.
TEST_CASE("writes that wait for each other are late, whether or not one of them came at once") {
  const Observation end_at_once = writes({209, 206, 186, 86, 240, 0});
  const Observation end_late = writes({209, 206, 186, 86, 205, 203});
  for (const Observation& each : {end_at_once, end_late}) {
    const Passage found = passage(each, kMillisecond);
    CHECK(found.manner == Manner::kForATime);
    CHECK(found.held >= 180 * kMillisecond);
  }
  CHECK(held_twice(end_at_once, end_late, kMillisecond) >= 180 * kMillisecond);
}

}  // namespace
}  // namespace playground::check
