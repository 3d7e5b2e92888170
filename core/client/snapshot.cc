#include "core/client/snapshot.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "core/client/decision_words.h"
#include "core/json_text.h"

namespace playground::client {
namespace {

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

// Null where it is empty.
std::optional<std::string_view> text_or_null(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string_view> name_or_null(const std::optional<TransportId>& id) {
  return id ? std::optional(info(*id).name) : std::nullopt;
}

void append_delay(const measure::Histogram& delay, std::string& out) {
  if (delay.count() == 0) {
    out += "null";
    return;
  }
  JsonObject json(out);
  json.add("medianMs", milliseconds(delay.percentile(50)))
      .add("p95Ms", milliseconds(delay.percentile(95)))
      .add("p99Ms", milliseconds(delay.percentile(99)))
      .add("maxMs", milliseconds(delay.max()));
  JsonArray parts(json.value("parts"));
  for (const auto& [largest, count] : delay.parts()) {
    JsonArray part(parts.next());
    append_number(milliseconds(largest), part.next());
    append_number(count, part.next());
  }
}

void append_back(const Uplink& back, std::string& out) {
  if (back.said() == 0) {
    out += "null";
    return;
  }
  JsonObject json(out);
  json.add("said", back.said()).add("heard", back.heard());
  append_delay(back.round_trip_us(), json.value("roundTrip"));
}

// "http://localhost:8089"; a WebSocket's has the scheme of the page that opens it.
std::string lane_origin(const Lane& lane) {
  const std::string_view origin = origin_of(lane.endpoint().address(lane.running()));
  return origin.starts_with("ws") ? "http" + std::string(origin.substr(2)) : std::string(origin);
}

// What the browser speaks with the lane's origin, as far as it tells. In clear text it is HTTP/1.1,
// and a WebSocket begins with that version's Upgrade; of one over TLS nothing is told.
std::string http_version(const Run& run, const Lane& lane, const std::string& origin) {
  const bool upgrades = info(lane.running()).upgrades();
  std::string version = upgrades || origin.empty() ? std::string() : run.http_version(origin);
  if (version.empty() && origin.starts_with("http:")) version = "http/1.1";
  return version;
}

void add_figures(const Run& run, const ObservedLane& observed, std::optional<double> best,
                 Micros now, JsonObject& json) {
  const Lane& lane = observed.lane();
  const std::string origin = lane_origin(lane);
  const auto bytes = observed.wire().bytes_per_message();
  const measure::WireCount wire = observed.wire().total();
  const std::string tag = tag_text(observed);
  std::optional<double> first_message;
  if (observed.first_message_after()) first_message = milliseconds(*observed.first_message_after());
  std::optional<double> next_probe;
  if (lane.next_probe_at()) next_probe = milliseconds(std::max(now, *lane.next_probe_at()) - now);
  std::optional<double> ratio;
  if (bytes && best) ratio = *bytes / *best;
  json.add("asked", info(lane.asked()).name)
      .add("running", info(lane.running()).name)
      .add("title", title(lane))
      .add("state", state_text(lane, now))
      .add("open", lane.open())
      .add("origin", origin)
      .add("server", lane.server())
      .add("httpVersion", http_version(run, lane, origin))
      .add("ownPort",
           lane.endpoint().name.empty() && !origin.empty() && origin != origin_of(run.server()))
      .add("probing", name_or_null(lane.probing()))
      .add("nextProbeMs", next_probe)
      .add("tag", tag)
      .add("trouble", !tag.empty());
  append_delay(observed.delay_us(), json.value("delay"));
  json.add("messages", observed.ledger().delivered()).add("firstMessageMs", first_message);
  if (observed.wire().known()) {
    JsonObject(json.value("wire")).add("bytesIn", wire.bytes_in).add("bytesOut", wire.bytes_out);
  } else {
    json.add("wire", nullptr);
  }
  json.add("bytesPerMessage", bytes)
      .add("bytesRatio", ratio)
      .add("requests", std::max(observed.requests(), wire.requests))
      .add("connections", wire.connections)
      .add("reconnects", observed.reconnects())
      .add("missing", observed.ledger().missing())
      .add("duplicate", observed.ledger().duplicate())
      .add("reordered", observed.ledger().reordered())
      .add("overlap", observed.overlap());
  append_back(observed.uplink(), json.value("back"));
}

std::string_view name_of(EndpointLane::Entry::Kind kind) {
  constexpr std::string_view kNames[] = {"asked", "head",  "item", "comment",
                                         "retry", "ended", "sent", "answered"};
  return kNames[static_cast<std::size_t>(kind)];
}

void append_entry(const EndpointLane::Entry& entry, Micros start, std::string& out) {
  std::optional<double> since;
  if (entry.since) since = milliseconds(*entry.since);
  JsonObject(out)
      .add("number", entry.number)
      .add("atMs", milliseconds(entry.at - start))
      .add("kind", name_of(entry.kind))
      .add("sinceMs", since)
      .add("event", entry.event)
      .add("id", entry.id)
      .add("text", entry.text)
      .add("binary", entry.binary)
      .add("size", entry.size)
      .add("status", entry.status);
}

void append_endpoint(const Run& run, std::size_t index, Micros now, std::string& out) {
  const EndpointLane& endpoint = *run.endpoints()[index];
  JsonObject json(out);
  add_figures(run, run.lanes()[run.session_lanes() + index], {}, now, json);
  json.add("status", endpoint.status())
      .add("items", endpoint.items())
      .add("bytes", endpoint.bytes())
      .add("silentMs", milliseconds(endpoint.silent_for(run.started_at() + run.elapsed(now))))
      .add("comments", endpoint.comments())
      .add("retryMs", endpoint.retry_ms())
      .add("lastEventId", endpoint.last_event_id())
      .add("unnumbered", endpoint.unnumbered())
      .add("early", endpoint.early())
      .add("takesText", endpoint.takes_text());
  json.add("found", endpoint.found() ? std::optional(info(*endpoint.found()).name) : std::nullopt);
  json.add("fields", endpoint.fields());
  JsonArray entries(json.value("entries"));
  const std::uint64_t kept = std::min<std::uint64_t>(endpoint.entered(), endpoint.kMaxEntries);
  for (std::uint64_t number = endpoint.entered() - kept + 1; number <= endpoint.entered();
       ++number) {
    append_entry(endpoint.entry(number), run.started_at(), entries.next());
  }
}

void append_end(const End& end, std::string& out) {
  JsonObject(out)
      .add("cause", name(end.cause))
      .add("status", end.status > 0 ? std::optional(end.status) : std::nullopt)
      .add("detail", end.detail)
      .add("answeredBy", text_or_null(end.answered_by));
}

void add_parameter(const Parameters& all, std::string_view name, JsonObject& json) {
  if (name == "transport") {
    json.add(name, name_or_null(all.transport));
  } else if (name == "other") {
    json.add(name, name_or_null(all.other));
  } else if (name == "cause") {
    json.add(name, client::name(all.cause));
  } else if (name == "end" && all.end) {
    append_end(*all.end, json.value(name));
  } else if (name == "durationMs") {
    json.add(name, milliseconds(all.duration));
  } else if (name == "pauseMs") {
    json.add(name, milliseconds(all.pause));
  } else if (name == "after") {
    json.add(name, all.after > 0 ? std::optional(all.after) : std::nullopt);
  } else if (name == "first") {
    json.add(name, all.first);
  } else if (name == "last") {
    json.add(name, all.last);
  } else if (name == "count") {
    json.add(name, all.count);
  } else if (name == "keptFirst") {
    json.add(name, all.kept_first);
  } else if (name == "keptLast") {
    json.add(name, all.kept_last);
  } else if (name == "said") {
    json.add(name, all.said);
  } else if (name == "server") {
    json.add(name, all.server);
  } else if (name == "origin") {
    json.add(name, all.origin);
  } else if (name == "status") {
    json.add(name, all.status);
  } else if (name == "type") {
    json.add(name, all.type);
  } else if (name == "answeredBy") {
    json.add(name, text_or_null(all.answered_by));
  } else if (name == "fault" && all.fault) {
    JsonObject fault(json.value(name));
    add_members(*all.fault, fault);
  } else if (name == "lacking") {
    JsonArray lacking(json.value(name));
    for (const Feature each : all.lacking) {
      append_json_string(playground::name(each), lacking.next());
    }
  } else {
    json.add(name, nullptr);
  }
}

void append_parameters(const Decision& decision, std::string& out) {
  JsonObject json(out);
  for (std::string_view left = info(decision.reason).parameters; !left.empty();) {
    const std::string_view each = left.substr(0, left.find(' '));
    add_parameter(decision.parameters, each, json);
    left.remove_prefix(std::min(left.size(), each.size() + 1));
  }
}

void append_trouble(const Decision& trouble, std::string& out) {
  JsonObject json(out);
  json.add("reason", info(trouble.reason).name);
  append_parameters(trouble, json.value("parameters"));
  json.add("title", labels(trouble).front()).add("text", sentence(trouble));
}

void append_decision(const Decision& decision, std::string& out) {
  const ReasonInfo& reason = info(decision.reason);
  JsonObject json(out);
  json.add("number", decision.number)
      .add("atMs", milliseconds(decision.at))
      .add("lane", name_or_null(decision.lane))
      .add("endpoint", text_or_null(decision.parameters.endpoint))
      .add("reason", reason.name);
  append_parameters(decision, json.value("parameters"));
  json.add("text", sentence(decision)).add("trouble", reason.trouble);
}

// Those in force.
void append_faults(const Run& run, std::string& out) {
  JsonArray faults(out);
  for (const auto& [number, each] : run.faults().entries()) {
    if (!each.begun) continue;
    JsonObject fault(faults.next());
    add_members(each.fault, fault);
  }
}

void append_planned_faults(const Run& run, std::string& out) {
  JsonArray planned(out);
  for (const auto& [number, each] : run.faults().entries()) {
    JsonObject entry(planned.next());
    entry.add("number", number).add("inForce", each.begun);
    JsonObject fault(entry.value("fault"));
    add_members(each.fault, fault);
  }
}

}  // namespace

std::string snapshot_json(const Run& run, Micros now, std::span<const bool> servers) {
  std::optional<double> best;
  for (const ObservedLane& observed : run.lanes()) {
    const auto bytes = observed.wire().bytes_per_message();
    if (bytes && (!best || *bytes < *best)) best = bytes;
  }
  const auto& trouble = run.trouble();
  std::string out;
  {
    JsonObject json(out);
    json.add("state", name_of(run.state())).add("error", trouble ? sentence(*trouble) : "");
    if (trouble) {
      append_trouble(*trouble, json.value("trouble"));
    } else {
      json.add("trouble", nullptr);
    }
    json.add("elapsedMs", milliseconds(run.elapsed(now)))
        .add("simulated", run.simulated())
        .add("channel", run.channel())
        .add("proxied", run.proxied());
    {
      JsonArray running(json.value("servers"));
      for (const bool each : servers) running.next() += each ? "true" : "false";
    }
    append_faults(run, json.value("faults"));
    append_planned_faults(run, json.value("plannedFaults"));
    json.add("sent", run.sent_count());
    JsonObject(json.value("clock"))
        .add("offsetMs", milliseconds(run.clock_difference()))
        .add("errorMs", milliseconds(run.clock().error_us()))
        .add("samples", run.clock().samples());
    {
      JsonArray lanes(json.value("lanes"));
      for (std::size_t i = 0; i < run.session_lanes(); ++i) {
        JsonObject lane(lanes.next());
        add_figures(run, run.lanes()[i], best, now, lane);
      }
    }
    {
      JsonArray endpoints(json.value("endpoints"));
      for (std::size_t i = 0; i < run.endpoints().size(); ++i) {
        append_endpoint(run, i, now, endpoints.next());
      }
    }
    JsonArray decisions(json.value("decisions"));
    for (const Decision& each : run.decisions()) append_decision(each, decisions.next());
  }
  return out;
}

std::string idle_snapshot_json() {
  return R"({"state":"idle","error":"","trouble":null,"elapsedMs":0,"simulated":false,)"
         R"("channel":"","proxied":false,"servers":[],"faults":[],"plannedFaults":[],"sent":0,)"
         R"("clock":{"offsetMs":0,"errorMs":0,"samples":0},"lanes":[],"endpoints":[],"decisions":[]})";
}

}  // namespace playground::client
