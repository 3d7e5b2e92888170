#include "core/client/snapshot.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/client/decision_words.h"
#include "core/json_text.h"

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

Json back_json(const Uplink& back) {
  if (back.said() == 0) return nullptr;
  return {{"said", back.said()},
          {"heard", back.heard()},
          {"roundTrip", delay_json(back.round_trip_us())}};
}

// "http://localhost:8089"; a WebSocket's has the scheme of the page that opens it.
std::string lane_origin(const Lane& lane) {
  const std::string_view origin = origin_of(lane.endpoint().address(lane.running()));
  return origin.starts_with("ws") ? "http" + std::string(origin.substr(2)) : std::string(origin);
}

Json lane_json(const Run& run, const ObservedLane& observed, std::optional<double> best,
               Micros now) {
  const Lane& lane = observed.lane();
  const std::string origin = lane_origin(lane);
  const auto bytes = observed.wire().bytes_per_message();
  const measure::WireCount wire = observed.wire().total();
  const std::string tag = tag_text(observed);
  std::optional<double> first_message;
  if (observed.first_message_after()) first_message = milliseconds(*observed.first_message_after());
  std::optional<double> next_probe;
  if (lane.next_probe_at()) next_probe = milliseconds(std::max(now, *lane.next_probe_at()) - now);
  const Json probing = lane.probing() ? Json(info(*lane.probing()).name) : Json(nullptr);
  return {
      {"asked", info(lane.asked()).name},
      {"running", info(lane.running()).name},
      {"title", title(lane)},
      {"state", state_text(lane, now)},
      {"open", lane.open()},
      {"origin", origin},
      {"ownPort", !origin.empty() && origin != origin_of(run.server())},
      {"probing", probing},
      {"nextProbeMs", or_null(next_probe)},
      {"tag", tag},
      {"trouble", !tag.empty()},
      {"delay", delay_json(observed.delay_us())},
      {"messages", observed.ledger().delivered()},
      {"firstMessageMs", or_null(first_message)},
      {"wire", observed.wire().known()
                   ? Json{{"bytesIn", wire.bytes_in}, {"bytesOut", wire.bytes_out}}
                   : Json(nullptr)},
      {"bytesPerMessage", or_null(bytes)},
      {"bytesRatio", bytes && best ? Json(*bytes / *best) : Json(nullptr)},
      {"requests", std::max(observed.requests(), wire.requests)},
      {"connections", wire.connections},
      {"reconnects", observed.reconnects()},
      {"missing", observed.ledger().missing()},
      {"duplicate", observed.ledger().duplicate()},
      {"reordered", observed.ledger().reordered()},
      {"overlap", observed.overlap()},
      {"back", back_json(observed.uplink())},
  };
}

Json end_json(const End& end) {
  return {{"cause", name(end.cause)},
          {"status", end.status > 0 ? Json(end.status) : Json(nullptr)},
          {"detail", end.detail},
          {"answeredBy", end.answered_by.empty() ? Json(nullptr) : Json(end.answered_by)}};
}

Json parameter_json(const Parameters& all, std::string_view name) {
  const auto transport = [](const std::optional<TransportId>& id) {
    return id ? Json(info(*id).name) : Json(nullptr);
  };
  if (name == "transport") return transport(all.transport);
  if (name == "other") return transport(all.other);
  if (name == "cause") return client::name(all.cause);
  if (name == "end") return all.end ? end_json(*all.end) : Json(nullptr);
  if (name == "durationMs") return milliseconds(all.duration);
  if (name == "pauseMs") return milliseconds(all.pause);
  if (name == "after") return all.after > 0 ? Json(all.after) : Json(nullptr);
  if (name == "first") return all.first;
  if (name == "last") return all.last;
  if (name == "count") return all.count;
  if (name == "keptFirst") return all.kept_first;
  if (name == "keptLast") return all.kept_last;
  if (name == "said") return all.said;
  if (name == "server") return all.server;
  if (name == "origin") return all.origin;
  if (name == "status") return all.status;
  if (name == "type") return all.type;
  if (name == "answeredBy") return all.answered_by.empty() ? Json(nullptr) : Json(all.answered_by);
  if (name == "fault") return all.fault ? Json(to_json(*all.fault)) : Json(nullptr);
  Json lacking = Json::array();
  for (const Feature each : all.lacking) lacking.push_back(playground::name(each));
  return lacking;
}

Json parameters_json(const Decision& decision) {
  const ReasonInfo& reason = info(decision.reason);
  Json parameters = Json::object();
  for (std::string_view left = reason.parameters; !left.empty();) {
    const std::string_view each = left.substr(0, left.find(' '));
    parameters[std::string(each)] = parameter_json(decision.parameters, each);
    left.remove_prefix(std::min(left.size(), each.size() + 1));
  }
  return parameters;
}

Json trouble_json(const Decision& trouble) {
  return {{"reason", info(trouble.reason).name},
          {"parameters", parameters_json(trouble)},
          {"title", labels(trouble).front()},
          {"text", sentence(trouble)}};
}

Json decision_json(const Decision& decision) {
  const ReasonInfo& reason = info(decision.reason);
  return {{"number", decision.number},
          {"atMs", milliseconds(decision.at)},
          {"lane", decision.lane ? Json(info(*decision.lane).name) : Json(nullptr)},
          {"reason", reason.name},
          {"parameters", parameters_json(decision)},
          {"text", sentence(decision)},
          {"trouble", reason.trouble}};
}

Json frame_json(std::string_view state) {
  return {{"state", state},
          {"error", ""},
          {"trouble", nullptr},
          {"elapsedMs", 0},
          {"simulated", false},
          {"channel", ""},
          {"proxied", false},
          {"faults", Json::array()},
          {"plannedFaults", Json::array()},
          {"sent", 0},
          {"clock", {{"offsetMs", 0}, {"errorMs", 0}, {"samples", 0}}},
          {"lanes", Json::array()},
          {"decisions", Json::array()}};
}

}  // namespace

std::string snapshot_json(const Run& run, Micros now) {
  std::optional<double> best;
  for (const ObservedLane& observed : run.lanes()) {
    const auto bytes = observed.wire().bytes_per_message();
    if (bytes && (!best || *bytes < *best)) best = bytes;
  }
  Json json = frame_json(name_of(run.state()));
  if (const auto& trouble = run.trouble()) {
    json["trouble"] = trouble_json(*trouble);
    json["error"] = sentence(*trouble);
  }
  json["elapsedMs"] = milliseconds(run.elapsed(now));
  json["simulated"] = run.simulated();
  json["channel"] = run.channel();
  json["proxied"] = run.proxied();
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
  for (const ObservedLane& observed : run.lanes())
    json["lanes"].push_back(lane_json(run, observed, best, now));
  for (const Decision& each : run.decisions()) json["decisions"].push_back(decision_json(each));
  return json_text(json);
}

std::string idle_snapshot_json() { return json_text(frame_json("idle")); }

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
                    {"faults", parse_json(each.faults)},
                    {"simulatedOnly", each.simulated_only}});
  }
  return json_text(json);
}

}  // namespace playground::client
