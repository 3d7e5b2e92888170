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

struct Fixture {
  ManualClock clock;
  Schedule schedule{clock};
  Limits limits;
  Hub hub{schedule, limits};
};

TEST_CASE("a channel's id is 32 hexadecimal digits, and no two are equal") {
  Fixture f;
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const std::string id = f.hub.create({}).value();
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    ids.insert(id);
  }
  CHECK(ids.size() == 100);
}

TEST_CASE("there are no more channels than may be") {
  Fixture f;
  f.limits.channels = 2;
  const std::string id = f.hub.create({}).value();
  CHECK(f.hub.create({}));
  CHECK_FALSE(f.hub.create({}));
  CHECK(f.hub.remove(id));
  CHECK_FALSE(f.hub.remove(id));
  CHECK(f.hub.create({}));
}

TEST_CASE("a channel that nobody names or reads for 30 s is gone") {
  Fixture f;
  const std::string id = f.hub.create({}).value();
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
  const std::string id = f.hub.create({}).value();
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
}

}  // namespace
}  // namespace playground::server
