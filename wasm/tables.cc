// Prints as JSON the core's tables that the page's sources have a copy of (web/tables.mjs).
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/client/decision.h"
#include "core/client/environment_words.h"
#include "core/client/environments.h"
#include "core/client/settings.h"
#include "core/fault.h"
#include "core/scenario.h"
#include "core/simulation/simulated_run.h"
#include "core/transport.h"
#include "core/view/display_list.h"

namespace playground {
namespace {

using Json = nlohmann::ordered_json;

Json transports_json() {
  Json rows = Json::array();
  for (const TransportInfo& each : transports()) {
    Json ladder = Json::array();
    for (const TransportId id : each.ladder) ladder.push_back(info(id).name);
    rows.push_back({{"id", each.name},
                    {"title", each.title},
                    {"inside", each.inside},
                    {"needs", name(each.needs)},
                    {"path", each.path()},
                    {"contentType", each.served_as().content_type},
                    {"colour", each.colour()},
                    {"role", static_cast<int>(view::role_of(each.id))},
                    {"polls", each.polls()},
                    {"holds", each.holds()},
                    {"twoWay", each.two_way()},
                    {"reconnectsItself", each.reconnects_itself},
                    {"shown", each.shown},
                    {"ladder", std::move(ladder)}});
  }
  return rows;
}

Json range(double minimum, double maximum, double initial) {
  return {{"minimum", minimum}, {"maximum", maximum}, {"initial", initial}};
}

Json ranges_json() {
  Json ranges;
  for (const ScenarioField& field : scenario_fields()) {
    ranges[std::string(field.name)] = range(field.minimum, field.maximum, field.default_value);
  }
  ranges["backRate"] =
      range(client::kMinBackRate, client::kMaxBackRate, client::Settings{}.back_rate);
  ranges["speed"] = range(0, simulation::SimulatedRun::kMaxSpeed, 1);
  return ranges;
}

// The names of the first `count` values of an enumeration.
template <typename Enum>
Json names(std::size_t count) {
  Json all = Json::array();
  for (std::size_t i = 0; i < count; ++i) all.push_back(name(static_cast<Enum>(i)));
  return all;
}

// `EnvironmentInfo[]` of web/src/contract/core-module.ts.
Json environments_json() {
  Json all = Json::array();
  for (const client::EnvironmentInfo& each : client::environments()) {
    const client::EnvironmentWords& words = client::words_of(each);
    Json without = Json::array();
    for (const Feature feature : each.without) without.push_back(name(feature));
    all.push_back({{"id", each.id},
                   {"title", words.title},
                   {"summary", words.summary},
                   {"source", words.source},
                   {"without", std::move(without)},
                   {"faults", Json::parse(each.faults)},
                   {"simulatedOnly", words.simulated_only}});
  }
  return all;
}

Json reasons_json() {
  Json all = Json::array();
  for (const client::ReasonInfo& each : client::reasons()) all.push_back(each.name);
  return all;
}

Json roles_json() {
  Json roles;
  int number = static_cast<int>(view::Role::kInk);
  for (const std::string_view each : view::kOtherRoles) roles[std::string(each)] = number++;
  return roles;
}

Json operations_json() {
  Json operations = Json::array();
  for (const view::OperationInfo& each : view::kOperations) {
    operations.push_back({{"name", each.name}, {"arguments", each.arguments}});
  }
  return operations;
}

}  // namespace
}  // namespace playground

int main() {
  using namespace playground;
  const nlohmann::ordered_json tables = {{"transports", transports_json()},
                                         {"features", names<Feature>(kFeatureCount)},
                                         {"ranges", ranges_json()},
                                         {"patterns", names<Pattern>(kPatternCount)},
                                         {"faultKinds", names<FaultKind>(kFaultKindCount)},
                                         {"environments", environments_json()},
                                         {"reasons", reasons_json()},
                                         {"roles", roles_json()},
                                         {"operations", operations_json()}};
  std::puts(tables.dump().c_str());
  std::fflush(stdout);
}
