#include "core/client/snapshot.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace playground::client {
namespace {

using Json = nlohmann::ordered_json;

double milliseconds(Micros duration) { return static_cast<double>(duration) / kMillisecond; }

std::string_view name_of(RunState state) {
  switch (state) {
    case RunState::kConnecting:
      return "connecting";
    case RunState::kRunning:
      return "running";
    case RunState::kStopped:
      return "stopped";
    case RunState::kFailed:
      return "failed";
  }
  return "";
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json delay_json(const measure::Histogram& delay) {
  if (delay.count() == 0) return nullptr;
  Json parts = Json::array();
  for (const auto& [largest, count] : delay.parts()) {
    parts.push_back({milliseconds(largest), count});
  }
  return {{"medianMs", milliseconds(delay.percentile(50))},
          {"p95Ms", milliseconds(delay.percentile(95))},
          {"p99Ms", milliseconds(delay.percentile(99))},
          {"maxMs", milliseconds(delay.max())},
          {"parts", std::move(parts)}};
}

Json back_json(const WayBack& back) {
  if (back.said() == 0) return nullptr;
  return {{"said", back.said()},
          {"heard", back.heard()},
          {"roundTrip", delay_json(back.round_trip_us())}};
}

std::string tag_of(const Lane& lane) {
  if (lane.tag().empty() && lane.state() == LaneState::kClosed) return "gave up";
  if (lane.tag().empty() && lane.state() == LaneState::kWaiting) return "reconnecting";
  return lane.tag();
}

Json lane_json(const LaneEntry& entry, std::optional<double> best, Micros now) {
  const Lane& lane = *entry.lane;
  const auto bytes = entry.wire.bytes_per_message();
  const measure::WireCount wire = entry.wire.total();
  const std::string tag = tag_of(lane);
  std::optional<double> first_message;
  if (lane.first_message_after()) first_message = milliseconds(*lane.first_message_after());
  std::optional<double> next_probe;
  if (lane.next_probe_at()) next_probe = milliseconds(std::max(now, *lane.next_probe_at()) - now);
  const Json probing = lane.probing() ? Json(info(*lane.probing()).name) : Json(nullptr);
  return {
      {"asked", info(lane.asked()).name},
      {"running", info(lane.running()).name},
      {"title", lane.title()},
      {"state", lane.state_text(now)},
      {"open", lane.open()},
      {"probing", probing},
      {"nextProbeMs", or_null(next_probe)},
      {"tag", tag},
      {"trouble", !tag.empty()},
      {"delay", delay_json(lane.delay_us())},
      {"messages", lane.ledger().delivered()},
      {"firstMessageMs", or_null(first_message)},
      {"wire", entry.wire.known() ? Json{{"bytesIn", wire.bytes_in}, {"bytesOut", wire.bytes_out}}
                                  : Json(nullptr)},
      {"bytesPerMessage", or_null(bytes)},
      {"bytesRatio", bytes && best ? Json(*bytes / *best) : Json(nullptr)},
      {"requests", std::max(lane.requests(), wire.requests)},
      {"connections", wire.connections},
      {"reconnects", lane.reconnects()},
      {"missing", lane.ledger().missing()},
      {"duplicate", lane.ledger().duplicate()},
      {"reordered", lane.ledger().reordered()},
      {"overlap", lane.overlap()},
      {"back", back_json(lane.way_back())},
  };
}

Json decision_json(const Decision& decision) {
  return {{"atMs", milliseconds(decision.at)},
          {"lane", decision.lane ? Json(info(*decision.lane).name) : Json(nullptr)},
          {"text", decision.text},
          {"trouble", decision.trouble}};
}

Json frame_json(std::string_view state) {
  return {{"state", state},
          {"error", ""},
          {"elapsedMs", 0},
          {"simulated", false},
          {"channel", ""},
          {"faults", Json::array()},
          {"plannedFaults", Json::array()},
          {"sent", 0},
          {"clock", {{"offsetMs", 0}, {"errorMs", 0}, {"samples", 0}}},
          {"lanes", Json::array()},
          {"decisions", Json::array()}};
}

// A name or an error that came from outside may not be UTF-8.
std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string snapshot_json(const Run& run, Micros now) {
  std::optional<double> best;
  for (const LaneEntry& entry : run.lanes()) {
    const auto bytes = entry.wire.bytes_per_message();
    if (bytes && (!best || *bytes < *best)) best = bytes;
  }
  Json json = frame_json(name_of(run.state()));
  json["error"] = run.error();
  json["elapsedMs"] = milliseconds(run.elapsed(now));
  json["simulated"] = run.simulated();
  json["channel"] = run.channel();
  for (const auto& [number, each] : run.faults().entries()) {
    const Json fault = to_json(each.fault);
    if (each.begun) json["faults"].push_back(fault);
    json["plannedFaults"].push_back(
        {{"number", number}, {"inForce", each.begun}, {"fault", fault}});
  }
  json["sent"] = run.sent_count();
  json["clock"] = {{"offsetMs", milliseconds(run.clock_difference())},
                   {"errorMs", milliseconds(run.clock().error_us())},
                   {"samples", run.clock().samples()}};
  for (const LaneEntry& entry : run.lanes()) json["lanes"].push_back(lane_json(entry, best, now));
  for (const Decision& each : run.decisions()) json["decisions"].push_back(decision_json(each));
  return text_of(json);
}

std::string idle_snapshot_json() { return text_of(frame_json("idle")); }

std::string transports_json() {
  Json json = Json::array();
  for (const TransportInfo& each : transports()) {
    json.push_back({{"id", each.name},
                    {"title", each.title},
                    {"summary", each.summary},
                    {"needs", {name(each.needs)}},
                    {"path", each.path()},
                    {"colour", each.colour},
                    {"polls", each.polls()},
                    {"holds", each.holds()},
                    {"upgrades", each.upgrades()},
                    {"twoWay", each.two_way()},
                    {"reconnectsItself", each.reconnects_itself},
                    {"shown", each.shown}});
  }
  return text_of(json);
}

std::string environments_json() {
  Json json = Json::array();
  for (const EnvironmentInfo& each : environments()) {
    Json without = Json::array();
    for (const Feature feature : each.without) without.push_back(name(feature));
    json.push_back({{"id", each.id},
                    {"title", each.title},
                    {"summary", each.summary},
                    {"source", each.source},
                    {"without", std::move(without)},
                    {"faults", Json::parse(each.faults, nullptr, /*allow_exceptions=*/false)},
                    {"simulatedOnly", each.simulated_only}});
  }
  return text_of(json);
}

std::string scenario_fields_json() {
  Json json = Json::array();
  for (const ScenarioField& field : scenario_fields()) {
    json.push_back({{"name", field.name},
                    {"unit", field.unit},
                    {"minimum", field.minimum},
                    {"maximum", field.maximum},
                    {"default", field.default_value},
                    {"whole", field.whole}});
  }
  return text_of(json);
}

}  // namespace playground::client
