#include "core/server/hub.h"

#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/server/subscriber.h"
#include "tests/support/fake_outlet.h"
#include "tests/support/manual_clock.h"

namespace playground::server {
namespace {

struct Fixture {
  ManualClock clock;
  Schedule schedule{clock};
  Limits limits;
  Metrics metrics;
  Hub hub{schedule, limits, metrics};
};

TEST_CASE("there are no more channels than may be") {
  Fixture f;
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
  Fixture f;
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
  Fixture f;
  FakeOutlet outlet;
  const std::string id = "a";
  REQUIRE(f.hub.create(id, {}) == Hub::Created::kYes);
  auto reader = std::make_unique<Subscriber>(*f.hub.find(id), WireFormat::kNdjson, 0);
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

TEST_CASE("an owner has no more channels than one may have") {
  Fixture f;
  f.limits.channels = 10;
  f.limits.channels_per_address = 1;
  CHECK(f.hub.create("a", {}, "one") == Hub::Created::kYes);
  CHECK(f.hub.create("b", {}, "one") == Hub::Created::kTooManyOfOwner);
  CHECK(f.hub.create("b", {}, "another") == Hub::Created::kYes);
  f.hub.remove("a");
  CHECK(f.hub.create("c", {}, "one") == Hub::Created::kYes);
}

TEST_CASE("a channel ends with its lifetime, whoever reads it") {
  Fixture f;
  f.limits.channel_lifetime_us = 10 * kSecondUs;
  REQUIRE(f.hub.create("a", {}) == Hub::Created::kYes);
  FakeOutlet outlet;
  Subscriber reader(*f.hub.find("a"), WireFormat::kNdjson, 0);
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
