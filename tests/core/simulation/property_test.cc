// What the client owes its reader, whatever goes wrong: every transport against every fault, over
// lines and histories of many kinds, in virtual time. SIMULATION_SEEDS=100 plays more of them.
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/fault.h"
#include "tests/core/simulation/scene.h"

namespace playground::simulation {
namespace {

using client::kSecond;
using client::TransportId;

constexpr std::uint32_t kMessages = 200;

std::uint64_t seeds() {
  const char* text = std::getenv("SIMULATION_SEEDS");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 10);
}

std::string_view path_of(TransportId id) {
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

// Lines from a data centre's to a train's.
LinkSettings some_link(Random& random) {
  static constexpr std::array<LinkSettings, 4> kLines{{
      {2'000, 0, 0, 0, 0, false},
      {40'000, 10'000, 0, 0, 0, true},
      {150'000, 80'000, 30'000, 200'000, 0.01, true},
      {300'000, 200'000, 20'000, 60'000, 0.03, true},
  }};
  return kLines[random.next() % kLines.size()];
}

Fault some_fault(FaultKind kind, Random& random) {
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

// What the lane said cannot be had any more, in messages: "**messages 3 to 7** cannot be had".
std::uint64_t announced_gaps(const client::Run& run) {
  std::uint64_t all = 0;
  for (const client::Decision& each : run.decisions()) {
    const std::size_t end = each.text.find("** cannot be had");
    if (end == std::string::npos) continue;
    std::string words = each.text.substr(0, end);
    words.erase(0, words.rfind("**") + 2);
    const std::size_t last = words.rfind(' ') + 1;
    const std::uint64_t to = std::strtoull(words.c_str() + last, nullptr, 10);
    const std::uint64_t from =
        std::strtoull(words.c_str() + words.find_first_of("0123456789"), nullptr, 10);
    all += to - from + 1;
  }
  return all;
}

// Whether it lets a connection deliver, and ends it, again and again.
bool ends_connections(FaultKind kind) {
  return kind == FaultKind::kUpgradeFlap || kind == FaultKind::kIdleCut;
}

// Whether it concerns requests only, not the connections there are.
bool is_at_the_door(FaultKind kind) {
  return kind == FaultKind::kStatus || kind == FaultKind::kUpgradeRefused ||
         kind == FaultKind::kUpgradeHang || kind == FaultKind::kUpgradeSwallow ||
         kind == FaultKind::kUpgradePoison;
}

void check_what_is_owed(const Scene& scene) {
  const client::Lane& lane = scene.lane(0);
  const measure::DeliveryLedger& ledger = lane.ledger();
  // All that was sent is here or was said to be lost, each message once.
  CHECK(ledger.highest() == kMessages);
  CHECK(ledger.delivered() + ledger.missing() == kMessages);
  CHECK(ledger.missing() == announced_gaps(*scene.run));
  CHECK(ledger.reordered() == 0);
  CHECK(lane.delay_us().count() == ledger.delivered());
}

std::string scenario_with(const Fault& fault, std::uint32_t history, std::uint64_t seed) {
  Scenario scenario;
  scenario.rate = 2;
  scenario.count = kMessages;
  scenario.history = history;
  scenario.seed = static_cast<std::uint32_t>(seed);
  scenario.faults.push_back(fault);
  return to_json(scenario);
}

void each_case(std::uint64_t salt, void (*play)(TransportId, FaultKind, std::uint64_t seed)) {
  for (std::uint64_t round = 0; round < seeds(); ++round) {
    for (const client::TransportInfo& transport : client::transports()) {
      for (std::size_t kind = 0; kind < kFaultKindCount; ++kind) {
        // A plain page has no ladder, and believes whatever id it was given.
        if (transport.id == TransportId::kSseNative) continue;
        const std::uint64_t seed =
            salt + 1000 * round + 17 * kind + static_cast<std::uint64_t>(transport.id);
        CAPTURE(transport.name, name(static_cast<FaultKind>(kind)), seed);
        play(transport.id, static_cast<FaultKind>(kind), seed);
      }
    }
  }
}

TEST_CASE("a fault that passes costs nothing the log still has, and every gap is announced",
          "[simulation][property]") {
  each_case(1, [](TransportId transport, FaultKind kind, std::uint64_t seed) {
    Random random(seed);
    WorldSettings settings;
    settings.link = some_link(random);
    settings.page.browser = random.unit() < 0.5 ? BrowserKind::kChromium : BrowserKind::kFirefox;
    settings.page.http = random.unit() < 0.5 ? HttpVersion::kHttp1 : HttpVersion::kHttp2;
    const std::uint32_t history = random.unit() < 0.5 ? 4 : 10'000;
    Fault fault = some_fault(kind, random);
    if (random.unit() < 0.5) fault.transport = path_of(transport);
    Scene scene({transport}, settings, seed, scenario_with(fault, history, seed));
    scene.pass(260 * kSecond);
    check_what_is_owed(scene);
    CHECK(scene.delivers(0));
    if (history > 4 && kind != FaultKind::kEvict) CHECK(scene.lane(0).ledger().missing() == 0);
  });
}

// Faults that a transport does not get through, for as long as they last.
bool defeats(FaultKind kind, TransportId transport) {
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

TEST_CASE("a fault that stays leads the ladder to a transport that works",
          "[simulation][property]") {
  each_case(500, [](TransportId transport, FaultKind kind, std::uint64_t seed) {
    if (is_moment(kind) || transport == TransportId::kShortPoll) return;
    Random random(seed);
    Fault fault = some_fault(kind, random);
    fault.for_s = 0;
    if (is_at_the_door(kind)) fault.after_s = 0;
    fault.bytes = 0;
    fault.transport = path_of(transport);
    WorldSettings settings;
    settings.link = some_link(random);
    Scene scene({transport}, settings, seed, scenario_with(fault, 10'000, seed));
    scene.pass(260 * kSecond);
    check_what_is_owed(scene);
    CHECK(scene.lane(0).ledger().missing() == 0);
    if (!ends_connections(kind)) CHECK(scene.delivers(0));
    if (defeats(kind, transport)) {
      CHECK(path_of(scene.lane(0).running()) != path_of(transport));
    }
  });
}

}  // namespace
}  // namespace playground::simulation
