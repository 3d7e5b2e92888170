// docs/openapi.json against what the server answers.
#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "core/fault.h"
#include "core/scenario.h"
#include "core/server/channel_api.h"
#include "openapi_doc.h"
#include "tests/support/json.h"

namespace playground::server {
namespace {

nlohmann::json document() {
  auto json = read_json(kOpenApiDoc);
  REQUIRE(json.is_object());
  return json;
}

// "GET /api/channels/{}/poll" of "/api/channels/{id}/poll" and "get".
std::string route(std::string method, std::string_view path) {
  for (char& each : method) each = static_cast<char>(std::toupper(each));
  std::string out = method + " ";
  bool inside = false;
  for (const char each : path) {
    if (each == '}') inside = false;
    if (!inside) out += each;
    if (each == '{') inside = true;
  }
  return out;
}

TEST_CASE("every route of the server is in openapi.json, and nothing else is", "[openapi]") {
  const nlohmann::json api = document();
  std::vector<std::string> documented;
  for (const auto& [path, methods] : api["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      documented.push_back(route(method, path));
    }
  }
  std::vector<std::string> served = ChannelApi::routes();
  std::sort(documented.begin(), documented.end());
  std::sort(served.begin(), served.end());
  CHECK(documented == served);
}

TEST_CASE("openapi.json has the kinds of faults that there are", "[openapi]") {
  const nlohmann::json kinds =
      document()["components"]["schemas"]["Fault"]["properties"]["kind"]["enum"];
  REQUIRE(kinds.size() == kFaultKindCount);
  for (std::size_t i = 0; i < kFaultKindCount; ++i) {
    CHECK(kinds[i] == name(static_cast<FaultKind>(i)));
  }
}

TEST_CASE("openapi.json has the fields of a scenario, with their ranges and defaults",
          "[openapi]") {
  const nlohmann::json fields = document()["components"]["schemas"]["Scenario"]["properties"];
  nlohmann::json defaults;
  for (const auto& [name, field] : fields.items()) {
    CAPTURE(name);
    if (field.contains("default")) defaults[name] = field["default"];
    for (const char* bound : {"minimum", "maximum"}) {
      if (!field.contains(bound)) continue;
      const double limit = field[bound].get<double>();
      const double beyond = std::string_view(bound) == "minimum" ? limit - 1 : limit + 1;
      CHECK(parse_scenario(nlohmann::json{{name, limit}}.dump()));
      CHECK_FALSE(parse_scenario(nlohmann::json{{name, beyond}}.dump()));
    }
  }
  const auto parsed = parse_scenario(defaults.dump());
  REQUIRE(parsed);
  CHECK(*parsed == Scenario{});
}

}  // namespace
}  // namespace playground::server
