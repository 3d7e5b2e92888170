// A run as an element of the guide plays it: the settings are what its attributes say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "core/client/run.h"
#include "core/client/settings.h"
#include "core/simulation/simulated_run.h"
#include "tests/support/decisions.h"

namespace playground::guide {

using client::kMillisecond;
using client::kSecond;
using client::Micros;

inline double milliseconds(Micros time) { return static_cast<double>(time) / kMillisecond; }
inline double seconds(Micros time) { return static_cast<double>(time) / kSecond; }

// JSON of `Settings`, with "simulated" where it says nothing of it.
inline client::Settings settings_of(std::string json) {
  if (json.find(R"("simulated")") == json.npos) json.insert(1, R"("simulated":{},)");
  auto settings = client::parse_settings(json);
  REQUIRE(settings);
  return std::move(*settings);
}

class Play {
 public:
  explicit Play(std::string json) : run_(settings_of(std::move(json))) {}

  void pass_seconds(int count) {
    for (int i = 0; i < count; ++i) run_.pass(kSecond);
  }
  const client::Run& run() const { return run_.run(); }
  const client::ObservedLane& lane(TransportId asked) const {
    for (const client::ObservedLane& each : run().lanes()) {
      if (each.lane().asked() == asked) return each;
    }
    FAIL("no such lane");
    return run().lanes().front();
  }
  // Everything that was sent until a moment ago has come, once and in order.
  void whole(TransportId asked) const {
    const measure::DeliveryLedger& ledger = lane(asked).ledger();
    CAPTURE(asked);
    CHECK(ledger.delivered() > 0);
    CHECK(ledger.missing() == 0);
    CHECK(ledger.duplicate() == 0);
    CHECK(ledger.reordered() == 0);
  }
  double median_ms(TransportId asked) const {
    return milliseconds(lane(asked).delay_us().percentile(50));
  }
  // 99 of 100 messages are not later: what was sent while the lane was still connecting is left
  // out.
  double p99_ms(TransportId asked) const {
    return milliseconds(lane(asked).delay_us().percentile(99));
  }
  double longest_ms(TransportId asked) const { return milliseconds(lane(asked).delay_us().max()); }
  double bytes_per_message(TransportId asked) const {
    const auto bytes = lane(asked).wire().bytes_per_message();
    REQUIRE(bytes);
    return *bytes;
  }
  bool decided(client::Reason reason) const {
    return client::times_decided(run().decisions(), reason) > 0;
  }
  const client::Parameters& parameters(client::Reason reason) const {
    return client::newest(run().decisions(), reason).parameters;
  }

 private:
  simulation::SimulatedRun run_;
};

}  // namespace playground::guide
