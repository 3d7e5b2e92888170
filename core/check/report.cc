#include "core/check/report.h"

#include <algorithm>
#include <array>

#include "core/check/words.h"
#include "core/client/words.h"
#include "core/fault.h"
#include "core/json_text.h"

namespace playground::check {

using client::kMillisecond;
using client::kSecond;
using enum TransportId;

namespace {

constexpr Micros kUsualHeartbeat = 15 * kSecond;
constexpr Micros kUsualHold = 25 * kSecond;
// A connection that ends sooner, whatever passes, is nothing to build on.
constexpr Micros kShortestLife = 10 * kSecond;

const Finding* find_in(const std::vector<Finding>& findings, Code code, TransportId transport) {
  const auto found = std::find_if(findings.begin(), findings.end(), [=](const Finding& each) {
    return each.code == code && each.transport == transport;
  });
  return found == findings.end() ? nullptr : &*found;
}

// Of all transports, or of one: the shortest silence that is not survived; 0 where none is known.
Micros shortest_cut(const std::vector<Finding>& findings, std::optional<TransportId> transport) {
  Micros shortest = 0;
  for (const Finding& each : findings) {
    if (each.code != Code::kSilenceCut && each.code != Code::kSilenceDropped &&
        each.code != Code::kCutAnyway) {
      continue;
    }
    if (transport ? each.transport != transport : info(*each.transport).polls()) continue;
    if (shortest == 0 || each.duration < shortest) shortest = each.duration;
  }
  return shortest;
}

LaneVerdict lane(const std::vector<Finding>& findings, TransportId transport) {
  LaneVerdict lane{.transport = transport};
  const Finding* works = find_in(findings, Code::kWorks, transport);
  const Finding* sometimes = find_in(findings, Code::kSometimes, transport);
  const Finding* held = find_in(findings, Code::kHeld, transport);
  lane.works = works != nullptr;
  lane.held = held != nullptr;
  lane.known = works || sometimes || held || find_in(findings, Code::kFails, transport);
  if (!lane.known) return lane;
  lane.verdict = held        ? "held back"
                 : works     ? "works"
                 : sometimes ? "works sometimes"
                             : "does not work";
  const auto add = [&](const std::string& text) {
    lane.detail.append(lane.detail.empty() ? "" : ", ").append(text);
  };
  if (held && held->plain_only) {
    add("passes with X-Accel-Buffering: no");
  } else if (held && held->bytes > 0) {
    add("until " + bytes_text(held->bytes));
  } else if (held && held->manner == Manner::kOneBehind) {
    add("one write behind");
  } else if (held && held->manner == Manner::kUntilEnd) {
    add("until it ends");
  }
  const Micros cut = shortest_cut(findings, transport);
  const std::string after = seconds_text(cut);
  if (cut > 0) add(info(transport).polls() ? "hold less than " + after : "cut after " + after);
  if (const Finding* delayed = find_in(findings, Code::kDelayed, transport)) {
    add("up to " + client::duration_text(delayed->duration) + " late");
  }
  if (lane.detail.empty() && works) add("in " + client::duration_text(works->duration));
  return lane;
}

std::string joined(const std::vector<TransportId>& ladder) {
  std::string out;
  for (const TransportId each : ladder) {
    const bool first = out.empty();
    const bool polls = info(each).polls() && !first;
    out.append(first ? "" : " → ").append(polls ? info(each).inside : info(each).title);
  }
  return out;
}

bool any_known(const Report& report) {
  return std::any_of(report.lanes.begin(), report.lanes.end(),
                     [](const LaneVerdict& each) { return each.known; });
}

std::string verdict(const Report& report, bool over) {
  if (!any_known(report))
    return report.stopped ? "Stopped before the first answers." : "Looking at the first answers.";
  if (!report.trouble) {
    if (report.stopped) return "Nothing in the way, as far as the check went.";
    return over ? "Nothing is in the way: every transport works here."
                : "Nothing in the way so far.";
  }
  std::string out;
  const Micros cut = shortest_cut(report.findings, std::nullopt);
  if (report.ladder.empty()) {
    const bool none = std::none_of(report.lanes.begin(), report.lanes.end(),
                                   [](const LaneVerdict& each) { return each.works || each.held; });
    return none ? "Nothing gets through: no transport works here."
                : "No transport gets through as it should.";
  } else {
    const TransportId best = report.ladder.front();
    out.append("Use ").append(info(best).inside).append(" here");
    const Micros own = shortest_cut(report.findings, best);
    const bool anyway = find_in(report.findings, Code::kCutAnyway, best) != nullptr;
    if (own > 0 && !info(best).polls() && !anyway) {
      out += ", with a heartbeat under " + seconds_text(own);
    }
    out += ".";
  }
  std::vector<std::string> does;
  const auto held = [&](TransportId transport) {
    return find_in(report.findings, Code::kHeld, transport);
  };
  if (held(kSse) || held(kOverFetch)) {
    const Finding* finding = held(kSse) ? held(kSse) : held(kOverFetch);
    does.push_back(finding->plain_only ? "holds streams back that do not ask it not to"
                                       : "holds event streams back");
  }
  if (find_in(report.findings, Code::kFails, kWebSocket))
    does.emplace_back("lets no WebSocket through");
  const bool anyway =
      std::any_of(report.findings.begin(), report.findings.end(),
                  [](const Finding& each) { return each.code == Code::kCutAnyway; });
  if (cut > 0) {
    does.push_back((anyway ? "ends connections after " : "cuts silence after ") +
                   seconds_text(cut));
  }
  if (find_in(report.findings, Code::kCached, kShortPoll))
    does.emplace_back("answers polls from a cache");
  if (does.empty()) return out + " Not everything passes: see below.";
  out += " Something on the way ";
  for (std::size_t i = 0; i < does.size(); ++i) {
    if (i > 0) out += i + 1 == does.size() ? " and " : ", ";
    out += does[i];
  }
  return out + ".";
}

void add_settings(const Report& report, std::vector<std::pair<std::string, std::string>>& out) {
  const auto add = [&](std::string name, std::string value) {
    out.emplace_back(std::move(name), std::move(value));
  };
  if (!report.ladder.empty()) add("Ladder", joined(report.ladder));
  const Micros cut = shortest_cut(report.findings, std::nullopt);
  add("Heartbeat", seconds_text(cut > 0 ? safe_silence(cut) : kUsualHeartbeat));
  const Micros hold = shortest_cut(report.findings, kLongPoll);
  add("Hold a long poll", seconds_text(hold > 0 ? safe_silence(hold) : kUsualHold));
  for (const Finding& each : report.findings) {
    if (each.code == Code::kFits && each.what == "a WebSocket message from the client") {
      add("Message", bytes_text(each.bytes) + " and more");
    }
    if (each.code == Code::kDoesNotFit && each.what == "a WebSocket message from the client") {
      add("Message",
          each.bytes > 0 ? bytes_text(each.bytes) : "less than " + bytes_text(each.other_bytes));
    }
    if (each.code == Code::kStreams) {
      std::string text;
      append_number(each.count, text);
      if (each.count >= each.of) text += " and more";
      add("Streams at once", text + (each.what.empty() ? "" : " (" + http_text(each.what) + ")"));
    }
    if (each.code == Code::kFigures) {
      add("Round trip",
          client::duration_text(each.duration) + " ± " + client::duration_text(each.other));
    }
  }
}

// The path as a playground can play it.
void add_conditions(const std::vector<Finding>& findings, std::string& out) {
  JsonObject conditions(out);
  for (const Finding& each : findings) {
    if (each.code == Code::kFigures) {
      conditions.add("round_trip_ms", each.duration / kMillisecond);
    }
  }
  JsonArray faults(conditions.value("faults"));
  const auto add = [&](const Fault& fault) { faults.next() += to_json(fault); };
  for (const Finding& each : findings) {
    if (!each.transport) continue;
    const std::string path(info(*each.transport).path());
    switch (each.code) {
      case Code::kHeld:
        add({.kind = each.manner == Manner::kOneBehind ? FaultKind::kOneBehind : FaultKind::kBuffer,
             .transport = path,
             .bytes = static_cast<double>(std::min<std::uint64_t>(each.bytes, 1'000'000))});
        break;
      case Code::kPoisons:
        add({.kind = FaultKind::kUpgradePoison,
             .seconds = std::max(1.0, static_cast<double>(each.duration / kSecond))});
        break;
      case Code::kCutAnyway:
        if (!info(*each.transport).upgrades()) break;
        add({.kind = FaultKind::kUpgradeFlap,
             .transport = path,
             .milliseconds =
                 static_cast<double>(std::min<Micros>(each.duration / kMillisecond, 10'000))});
        break;
      case Code::kSilenceCut:
      case Code::kSilenceDropped:
        add({.kind = FaultKind::kIdleCut,
             .transport = path,
             .seconds = std::max(1.0, static_cast<double>(each.duration / kSecond))});
        break;
      case Code::kFails:
        if (info(*each.transport).upgrades()) {
          const bool lost = each.how == How::kAnswerLost || each.how == How::kNothingComes;
          add({.kind = lost ? FaultKind::kUpgradeSwallow : FaultKind::kUpgradeRefused,
               .transport = path,
               .status = static_cast<double>(each.status >= 400 ? each.status : 503)});
        } else if (each.how == How::kAnswered && each.status >= 400) {
          add({.kind = FaultKind::kStatus,
               .transport = path,
               .status = static_cast<double>(each.status)});
        }
        break;
      default:
        break;
    }
  }
}

void add_probe(const Observation& each, Micros began, std::string& out) {
  JsonObject probe(out);
  const auto since = [&](Micros at) { return static_cast<double>((at - began) / 100) / 10; };
  probe.add("kind", name(each.probe.kind)).add("transport", info(each.probe.transport).name);
  if (each.probe.plain) probe.add("plain", true);
  if (each.probe.text) probe.add("text", true);
  if (each.probe.bytes > 0) probe.add("bytes", each.probe.bytes);
  if (each.probe.duration > 0) probe.add("duration_ms", each.probe.duration / kMillisecond);
  if (each.probe.beat != Beat::kNone) probe.add("beat", name(each.probe.beat));
  if (each.probe.again) probe.add("again", true);
  probe.add("outcome", each.over() ? name(each.outcome) : each.begun ? "running" : "waiting");
  if (!each.begun) return;
  probe.add("began_ms", since(each.began));
  if (each.opened) probe.add("opened_ms", since(*each.opened));
  if (each.over()) probe.add("ended_ms", since(each.ended));
  if (each.status != 0) probe.add("status", each.status);
  if (each.code != 0) probe.add("code", each.code);
  if (!each.words.empty()) probe.add("words", each.words);
  if (each.seen && !each.seen->end.empty()) probe.add("server_end", each.seen->end);
  if (each.arrivals.empty()) return;
  JsonArray writes(probe.value("writes"));
  for (const Arrival& arrival : each.arrivals) {
    JsonArray pair(writes.next());
    append_number(since(arrival.sent), pair.next());
    append_number(since(arrival.at), pair.next());
  }
}

void add_finding(const Finding& each, const std::vector<Software>& known, std::string& out) {
  JsonObject finding(out);
  finding.add("code", name(each.code)).add("severity", name(each.severity));
  if (each.transport) finding.add("transport", info(*each.transport).name);
  finding.add("title", title(each)).add("seen", seen(each));
  if (const std::string means = meaning(each); !means.empty()) finding.add("meaning", means);
  if (each.duration > 0) finding.add("duration_ms", each.duration / kMillisecond);
  if (each.bytes > 0) finding.add("bytes", each.bytes);
  if (each.status > 0) finding.add("status", each.status);
  if (each.count > 0) finding.add("count", each.count);
  if (each.plain_only) finding.add("plain_only", true);
  if (!each.names.empty()) {
    JsonArray names(finding.value("names"));
    for (const std::string& name : each.names) append_json_string(name, names.next());
  }
  {
    JsonArray probes(finding.value("probes"));
    for (const std::size_t i : each.probes) append_number(i, probes.next());
  }
  JsonArray all(finding.value("remedies"));
  for (const Remedy& remedy : remedies(each, known)) {
    JsonObject object(all.next());
    object.add("who", name(remedy.who));
    if (!remedy.software.empty()) object.add("software", remedy.software);
    object.add("text", remedy.text);
    if (!remedy.code.empty()) object.add("code", remedy.code);
    if (remedy.tried) object.add("tried", true);
  }
}

std::string lane_state(const Observations& observations, TransportId transport) {
  for (const Observation& each : observations.all) {
    if (each.probe.kind != ProbeKind::kOpen || each.probe.transport != transport || !each.begun) {
      continue;
    }
    if (!each.over()) return "opening";
    std::string text;
    if (each.status != 0) {
      append_number(each.status, text);
    } else if (each.opened) {
      text = info(transport).upgrades() ? "101" : "open";
    } else {
      text = "not opened";
    }
    if (each.opened) text += " in " + client::duration_text(*each.opened - each.began);
    return text;
  }
  return {};
}

}  // namespace

Report report(const Observations& observations, bool over) {
  Report out;
  out.findings = find(observations, over);
  out.between = between(observations);
  for (const TransportId each : kCheckedTransports) {
    out.lanes.push_back(lane(out.findings, each));
    const LaneVerdict& last = out.lanes.back();
    const Finding* held = find_in(out.findings, Code::kHeld, each);
    // What passes where it asks to is used with those header fields.
    const Finding* anyway = find_in(out.findings, Code::kCutAnyway, each);
    const bool lasts = !anyway || anyway->duration >= kShortestLife;
    if (last.works && lasts && (!last.held || held->plain_only)) out.ladder.push_back(each);
  }
  out.trouble = std::any_of(out.findings.begin(), out.findings.end(), [](const Finding& each) {
    return each.severity == Severity::kTrouble;
  });
  out.stopped =
      std::any_of(observations.all.begin(), observations.all.end(),
                  [](const Observation& each) { return each.outcome == Outcome::kStopped; });
  out.verdict = verdict(out, over);
  if (any_known(out)) add_settings(out, out.settings);
  return out;
}

std::string path_text(const Path& path, const std::vector<std::string>& between) {
  const std::string_view origin = client::origin_of(path.server);
  std::string out = path.is_browser ? "From this browser to " : "From here to ";
  out += origin.substr(std::min(origin.find("://") + 3, origin.size()));
  if (!path.http_version.empty()) {
    out += ", over " + http_text(path.http_version);
  }
  for (std::size_t i = 0; i < between.size(); ++i) {
    out += i == 0 ? ", through what calls itself " : i + 1 < between.size() ? ", " : " and ";
    out += "“" + between[i] + "”";
  }
  return out + ".";
}

std::string to_json(const Check& check, Micros now) {
  const Observations& observations = check.observations();
  const Report all = report(observations, check.over());
  const std::vector<Software> known = software(all.between);
  std::string out;
  JsonObject json(out);
  json.add("format", 1)
      .add("server", check.settings().server)
      .add("version", observations.path.version)
      .add("http_version", observations.path.http_version)
      .add("quick", check.settings().quick)
      .add("state", !check.error().empty() ? "failed"
                    : check.over()         ? "done"
                                           : "running")
      .add("error", check.error())
      .add("done", check.done())
      .add("total", check.total())
      .add("left_ms", check.left(now) / kMillisecond)
      .add("elapsed_ms", (now - check.began()) / kMillisecond)
      .add("verdict", all.verdict)
      .add("trouble", all.trouble)
      .add("path", path_text(observations.path, all.between));
  {
    JsonArray lanes(json.value("lanes"));
    for (const LaneVerdict& each : all.lanes) {
      JsonObject lane(lanes.next());
      lane.add("transport", info(each.transport).name)
          .add("title", info(each.transport).title)
          .add("state", lane_state(observations, each.transport))
          .add("verdict", each.verdict)
          .add("detail", each.detail)
          .add("trouble", each.known && (!each.works || each.held));
    }
  }
  {
    JsonArray probes(json.value("probes"));
    for (const Observation& each : observations.all) add_probe(each, check.began(), probes.next());
  }
  {
    JsonArray findings(json.value("findings"));
    for (const Finding& each : all.findings) add_finding(each, known, findings.next());
  }
  {
    JsonArray ladder(json.value("ladder"));
    for (const TransportId each : all.ladder) append_json_string(info(each).name, ladder.next());
  }
  {
    JsonArray settings(json.value("settings"));
    for (const auto& [name, value] : all.settings) {
      JsonObject(settings.next()).add("name", name).add("value", value);
    }
  }
  add_conditions(all.findings, json.value("conditions"));
  return out;
}

std::string to_markdown(const Check& check) {
  const Observations& observations = check.observations();
  const Report all = report(observations, check.over());
  const std::vector<Software> known = software(all.between);
  std::string out = "# " + (check.error().empty() ? all.verdict : check.error()) + "\n\n" +
                    path_text(observations.path, all.between) + "\n";
  if (!all.lanes.empty()) out += "\n| transport | verdict |\n|---|---|\n";
  for (const LaneVerdict& each : all.lanes) {
    out.append("| ").append(info(each.transport).title).append(" | ").append(each.verdict);
    out.append(each.detail.empty() ? "" : ", ").append(each.detail).append(" |\n");
  }
  for (const Finding& each : all.findings) {
    out.append("\n## ").append(title(each)).append("\n\n").append(seen(each));
    if (const std::string means = meaning(each); !means.empty()) out.append(" ").append(means);
    out += "\n";
    const std::vector<Remedy> all_remedies = remedies(each, known);
    for (const Remedy& remedy : all_remedies) {
      out.append("\n- ").append(title(remedy.who));
      if (!remedy.software.empty()) out.append(" (").append(remedy.software).append(")");
      out += ": ";
      if (!remedy.code.empty()) {
        std::string code = remedy.code;
        for (std::size_t at = 0; (at = code.find('\n', at)) != code.npos; at += 3) {
          code.replace(at, 1, "`, `");
        }
        out.append("`").append(code).append("` ");
      }
      out += remedy.text;
      if (remedy.tried) out += " (tried)";
    }
    if (!all_remedies.empty()) out += "\n";
  }
  if (!all.settings.empty()) out += "\n## Settings for this path\n\n";
  for (const auto& [name, value] : all.settings) {
    out.append("- ").append(name).append(": ").append(value).append("\n");
  }
  return out;
}

}  // namespace playground::check
