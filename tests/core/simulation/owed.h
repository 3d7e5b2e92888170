// What the client owes its reader, and faults to play against it.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "core/client/run.h"
#include "core/fault.h"
#include "core/random.h"

namespace playground::simulation {

inline constexpr std::uint32_t kMessages = 200;

inline std::uint64_t seeds() {
  const char* text = std::getenv("SIMULATION_SEEDS");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 10);
}

inline std::string_view path_of(TransportId id) {
  switch (id) {
    case TransportId::kShortPoll:
      return "poll";
    case TransportId::kLongPoll:
      return "long-poll";
    case TransportId::kNdjson:
      return "stream";
    case TransportId::kWebSocket:
      return "websocket";
    default:
      return "sse";
  }
}

inline Fault some_fault(FaultKind kind, Random& random) {
  static constexpr std::array<double, 5> kStatuses{204, 401, 500, 502, 503};
  Fault fault;
  fault.kind = kind;
  fault.after_s = 1 + std::floor(random.unit() * 30);
  if (!is_moment(kind)) fault.for_s = 1 + std::floor(random.unit() * 60);
  fault.milliseconds = std::floor(random.unit() * 1500);
  fault.jitter_ms = std::floor(random.unit() * 500);
  fault.bytes_per_s = 2000 + std::floor(random.unit() * 5000);
  fault.bytes = random.unit() < 0.5 ? 0 : std::floor(random.unit() * 2000);
  fault.seconds = 1 + std::floor(random.unit() * 30);
  fault.status = kStatuses[random.next() % kStatuses.size()];
  fault.reset = random.unit() < 0.5;
  return fault;
}

// Messages that the lane said cannot be had any more.
inline std::uint64_t announced_gaps(const client::Run& run) {
  std::uint64_t all = 0;
  for (const client::Decision& each : run.decisions()) {
    if (each.reason == client::Reason::kGap || each.reason == client::Reason::kNumberedAnew) {
      all += each.parameters.count;
    }
  }
  return all;
}

// Whether it lets a connection deliver, and ends it, again and again.
inline bool ends_connections(FaultKind kind) {
  return kind == FaultKind::kUpgradeFlap || kind == FaultKind::kIdleCut;
}

// Whether it concerns requests only, not the connections there are.
inline bool is_at_the_door(FaultKind kind) {
  return kind == FaultKind::kStatus || kind == FaultKind::kUpgradeRefused ||
         kind == FaultKind::kUpgradeHang || kind == FaultKind::kUpgradeSwallow ||
         kind == FaultKind::kUpgradePoison;
}

inline void check_what_is_owed(const client::Run& run) {
  const client::ObservedLane& observed = run.lanes().at(0);
  const measure::DeliveryLedger& ledger = observed.ledger();
  // All that was sent is here or was said to be lost, each message once.
  CHECK(ledger.highest() == kMessages);
  CHECK(ledger.delivered() + ledger.missing() == kMessages);
  CHECK(ledger.missing() == announced_gaps(run));
  CHECK(ledger.reordered() == 0);
  CHECK(observed.delay_us().count() == ledger.delivered());
  CHECK(observed.missteps() == 0);
}

// Faults that a transport does not get through, for as long as they last.
inline bool defeats(FaultKind kind, TransportId transport) {
  const bool poll = transport == TransportId::kShortPoll || transport == TransportId::kLongPoll;
  switch (kind) {
    case FaultKind::kStall:
    case FaultKind::kStatus:
      return true;
    case FaultKind::kBuffer:
      return !poll;
    case FaultKind::kUpgradeRefused:
    case FaultKind::kUpgradeHang:
    case FaultKind::kUpgradeSwallow:
    case FaultKind::kUpgradePoison:
      return transport == TransportId::kWebSocket;
    default:
      return false;
  }
}

}  // namespace playground::simulation
