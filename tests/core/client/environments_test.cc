#include "core/client/environments.h"

#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/client/environment_words.h"
#include "core/client/settings.h"

namespace playground::client {
namespace {

TEST_CASE("every environment has an id of its own and can be asked for") {
  std::set<std::string_view> ids;
  for (const EnvironmentInfo& each : environments()) {
    CAPTURE(each.id);
    CHECK(ids.insert(each.id).second);
    CHECK(find_environment(each.id) == &each);
    CHECK_FALSE(words_of(each).title.empty());
    CHECK(words_of(each).summary.ends_with('.'));
    CHECK(words_of(each).source.ends_with('.'));
    const auto settings = parse_settings(R"({"server":"http://h","lanes":["sse"],"environment":")" +
                                         std::string(each.id) + "\"}");
    REQUIRE(settings);
    CHECK(settings->environment == &each);
    CHECK(settings->without.size() == each.without.size());
    CHECK(settings->scenario.faults.empty() == (each.faults == "[]"));
  }
}

TEST_CASE("an environment comes on top of what was asked for") {
  const auto settings = parse_settings(R"({"server":"http://h","lanes":["sse"],
    "environment":"edgehtml","without":["WebSocket","EventSource"]})");
  REQUIRE(settings);
  CHECK(settings->without == std::vector{Feature::kWebSocket, Feature::kEventSource});
  const auto both = parse_settings(R"({"server":"http://h","lanes":["sse"],
    "environment":"no-upgrade","scenario":{"faults":[{"kind":"stall"}]}})");
  REQUIRE(both);
  REQUIRE(both->scenario.faults.size() == 2);
  CHECK(both->scenario.faults[0].kind == FaultKind::kStall);
  CHECK(both->scenario.faults[1].kind == FaultKind::kUpgradeRefused);
}

TEST_CASE("an environment that is not known is refused by name") {
  const auto settings =
      parse_settings(R"({"server":"http://h","lanes":["sse"],"environment":"the moon"})");
  REQUIRE_FALSE(settings);
  CHECK(settings.error().message.find("the moon") != std::string::npos);
}

}  // namespace
}  // namespace playground::client
