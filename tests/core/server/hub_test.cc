#include "core/server/hub.h"

#include <memory>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/server/subscriber.h"
#include "tests/support/fake_outlet.h"
#include "tests/support/manual_clock.h"

namespace playground::server {
namespace {

struct HubScene {
  ManualClock clock;
  Schedule schedule{clock};
  Limits limits;
  Metrics metrics;
  Hub hub{schedule, limits, metrics, 1};
};

TEST_CASE("there are no more channels than may be") {
  HubScene f;
  f.limits.channels = 2;
  CHECK(f.hub.create("a", {}) == Hub::Created::kYes);
  CHECK(f.hub.create("b", {}) == Hub::Created::kYes);
  CHECK(f.hub.create("c", {}) == Hub::Created::kTooMany);
  CHECK_FALSE(f.hub.find("c"));
  CHECK(f.hub.remove("a"));
  CHECK_FALSE(f.hub.remove("a"));
  CHECK(f.hub.create("c", {}) == Hub::Created::kYes);
}

TEST_CASE("a channel that nobody names or reads for 30 s is gone") {
  HubScene f;
  const std::string id = "a";
  REQUIRE(f.hub.create(id, {}) == Hub::Created::kYes);
  pass_time(f.clock, f.schedule, 29 * kSecondUs);
  REQUIRE(f.hub.find(id));
  f.hub.find(id)->touch();
  pass_time(f.clock, f.schedule, 58 * kSecondUs);
  CHECK(f.hub.find(id));
  pass_time(f.clock, f.schedule, 61 * kSecondUs);
  CHECK_FALSE(f.hub.find(id));
  CHECK_FALSE(f.schedule.next_us());
}

TEST_CASE("a channel lives while it is read, and 30 s longer") {
  HubScene f;
  FakeOutlet outlet;
  const std::string id = "a";
  REQUIRE(f.hub.create(id, {}) == Hub::Created::kYes);
  auto reader = std::make_unique<Subscriber>(f.hub.find(id)->audience(), WireFormat::kNdjson, 0);
  reader->begin(outlet, {});
  CHECK(f.hub.readers() == 1);
  pass_time(f.clock, f.schedule, 300 * kSecondUs);
  REQUIRE(f.hub.find(id));
  reader.reset();
  CHECK(f.hub.readers() == 0);
  pass_time(f.clock, f.schedule, 329 * kSecondUs);
  CHECK(f.hub.find(id));
  pass_time(f.clock, f.schedule, 331 * kSecondUs);
  CHECK_FALSE(f.hub.find(id));
  CHECK_FALSE(f.hub.outlived(id));
}

TEST_CASE("a channel whose readers' page has left ends, though a proxy keeps their streams") {
  HubScene f;
  FakeOutlet outlet;
  REQUIRE(f.hub.create("a", {}) == Hub::Created::kYes);
  Subscriber reader(f.hub.find("a")->audience(), WireFormat::kNdjson, 0, {.of_lane = true});
  reader.begin(outlet, {});
  pass_time(f.clock, f.schedule, 179 * kSecondUs);
  REQUIRE(f.hub.find("a"));
  f.hub.find("a")->touch();
  pass_time(f.clock, f.schedule, 358 * kSecondUs);
  CHECK(f.hub.find("a"));
  CHECK_FALSE(outlet.finished);
  pass_time(f.clock, f.schedule, 361 * kSecondUs);
  CHECK_FALSE(f.hub.find("a"));
  CHECK(outlet.finished);
}

TEST_CASE("an owner has no more channels than one may have") {
  HubScene f;
  f.limits.channels = 10;
  f.limits.channels_per_address = 1;
  CHECK(f.hub.create("a", {}, "one") == Hub::Created::kYes);
  CHECK(f.hub.create("b", {}, "one") == Hub::Created::kTooManyOfOwner);
  CHECK(f.hub.create("b", {}, "another") == Hub::Created::kYes);
  f.hub.remove("a");
  CHECK(f.hub.create("c", {}, "one") == Hub::Created::kYes);
}

TEST_CASE("every channel has an epoch of six hexadecimal digits, of its life and not of its id") {
  HubScene f;
  std::set<std::string> epochs;
  for (int i = 0; i < 50; ++i) {
    REQUIRE(f.hub.create("a", {}) == Hub::Created::kYes);
    const std::string epoch = f.hub.find("a")->epoch();
    CHECK(epoch.size() == 6);
    CHECK(epoch.find_first_not_of("0123456789abcdef") == std::string::npos);
    epochs.insert(epoch);
    f.hub.remove("a");
  }
  CHECK(epochs.size() == 50);
  Hub other(f.schedule, f.limits, f.metrics, 2);
  REQUIRE(other.create("a", {}) == Hub::Created::kYes);
  CHECK(epochs.count(other.find("a")->epoch()) == 0);
}

TEST_CASE("a name that had its time twice is forgotten after the second") {
  HubScene f;
  f.limits.channels = 2;
  f.limits.channel_lifetime_us = kSecondUs;
  const auto live = [&](const char* id) {
    REQUIRE(f.hub.create(id, {}) == Hub::Created::kYes);
    pass_time(f.clock, f.schedule, f.clock.us + 3 * kSecondUs);
  };
  for (const char* id : {"a", "b", "a"}) live(id);
  CHECK(f.hub.outlived("a"));
  CHECK(f.hub.outlived("b"));
  live("c");
  CHECK(f.hub.outlived("a"));
  CHECK_FALSE(f.hub.outlived("b"));
  live("d");
  CHECK_FALSE(f.hub.outlived("a"));
}

TEST_CASE("a channel ends with its lifetime, whoever reads it") {
  HubScene f;
  f.limits.channel_lifetime_us = 10 * kSecondUs;
  REQUIRE(f.hub.create("a", {}) == Hub::Created::kYes);
  FakeOutlet outlet;
  Subscriber reader(f.hub.find("a")->audience(), WireFormat::kNdjson, 0);
  reader.begin(outlet, {});
  pass_time(f.clock, f.schedule, 9 * kSecondUs);
  CHECK_FALSE(outlet.finished);
  pass_time(f.clock, f.schedule, 11 * kSecondUs);
  CHECK(outlet.finished);
  CHECK(f.hub.channels() == 0);
  CHECK(f.hub.outlived("a"));
  CHECK_FALSE(f.hub.outlived("b"));
}

}  // namespace
}  // namespace playground::server
