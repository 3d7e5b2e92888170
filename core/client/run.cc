#include "core/client/run.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/client/words.h"
#include "core/json_text.h"
#include "core/wire/explain.h"

namespace playground::client {
namespace {

using Json = nlohmann::json;

constexpr Micros kAnswerTimeout = 5 * kSecond;
constexpr Micros kLaneOriginTimeout = 1 * kSecond;
constexpr Micros kTick = 1 * kSecond;
// While nothing passes on any lane. With the time for an answer it is well below the silence after
// which a lane finds its connection dead, and then asks whether the server is there.
constexpr Micros kQuietTick = 5 * kSecond;
constexpr std::uint32_t kFirstClockSamples = 4;
constexpr Micros kClockInterval = 10 * kSecond;

Json parse(std::string_view text) { return Json::parse(text, nullptr, /*allow_exceptions=*/false); }

std::uint64_t count_in(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_number_unsigned() ? member->get<std::uint64_t>() : 0;
}

// "http://localhost:" of "http://localhost:8088"; empty for an address with a path or without http.
std::string host_for_ports(std::string_view server) {
  constexpr std::string_view kScheme = "http://";
  if (!server.starts_with(kScheme)) return {};
  const std::string_view authority = server.substr(kScheme.size());
  if (authority.find('/') != authority.npos) return {};
  const std::size_t bracket = authority.rfind(']');  // of an IPv6 address
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != authority.npos && (bracket == authority.npos || colon > bracket);
  return std::string(kScheme) +
         std::string(authority.substr(0, has_port ? colon : authority.npos)) + ":";
}

}  // namespace

Run::Run(Settings settings, Wiring& wiring, std::uint64_t seed)
    : settings_(std::move(settings)), wiring_(wiring), random_(seed) {
  for (const TransportId id : settings_.lanes) {
    LaneContext& context = *this;
    const auto ladder = ladder_for(id, settings_.ladder);
    lanes_.push_back({std::make_unique<Lane>(ladder, wiring_, context, random_.next()), {}});
  }
  environment_ = wiring_.host().environment();
  if (!environment_.online) network_ = Network::kInQuestion;
  wiring_.on_environment([this](const Environment& now_so, Micros at) { environment(now_so, at); });
}

Run::~Run() { wiring_.on_environment({}); }

void Run::start(Micros now) {
  started_at_ = now;
  find_server(now);
}

void Run::stop(Micros now) {
  if (state_ == RunState::kStopped || state_ == RunState::kFailed) return;
  state_ = RunState::kStopped;
  stopped_at_ = now;
  next_.cancel();
  call_.close();
  call_timeout_.cancel();
  for (const LaneEntry& entry : lanes_) entry.lane->stop(now);
  other_tabs_.clear();
  forget_faults(now);
  wire_question_.cancel();
  if (!channel_.empty() && reachable_) {
    get(channel_path() + "/wire", &Run::take_last_wire, now);
  }
}

Micros Run::elapsed(Micros now) const {
  const bool over = state_ == RunState::kStopped || state_ == RunState::kFailed;
  return (over ? stopped_at_ : now) - started_at_;
}

Micros Run::clock_difference() const { return clock_.offset_us() - wiring_.host().epoch_offset(); }

bool Run::has(Feature feature) const {
  const auto& without = settings_.without;
  return std::find(without.begin(), without.end(), feature) == without.end() &&
         wiring_.host().has(feature);
}

// A lane in trouble cannot tell a bad transport from a dead server: an ordinary request can.
void Run::lane_failed(Micros) {
  if (state_ == RunState::kRunning && !channel_.empty() && !call_) after(0, &Run::tick);
}

void Run::wire_used() {
  wire_used_ = true;
  if (pausing_) after(kTick, &Run::tick);
}

void Run::message_seen(std::uint32_t epoch, std::uint64_t seq, Micros sent) {
  if (epoch > epoch_) begin_epoch(epoch);
  if (epoch < epoch_ || seq <= highest_seen_) return;
  highest_seen_ = seq;
  sent_.push_back({seq, sent});
  if (sent_.size() > kMaxSent || sent_.front().sent < sent - view::Track::kMemory) {
    sent_.pop_front();
  }
}

void Run::decided(TransportId lane, std::string text, bool trouble, Micros now) {
  add_decision({now - started_at_, lane, std::move(text), trouble});
}

void Run::note(std::string text, bool trouble, Micros now) {
  add_decision({now - started_at_, std::nullopt, std::move(text), trouble});
}

void Run::add_decision(Decision decision) {
  decisions_.push_back(std::move(decision));
  if (decisions_.size() > kMaxDecisions) decisions_.pop_front();
}

// Asking

void Run::ask(Request request, OnAnswer on_answer, Micros now) {
  asked_at_ = now;
  call_ = Connection(wiring_, request, [this, on_answer](const HostEvent& event, Micros at) {
    call_timeout_.cancel();
    call_.close();
    if (const auto* answered = std::get_if<Answered>(&event)) {
      reachable_ = true;
      if (network_ == Network::kInQuestion || network_ == Network::kGone) {
        network_ = Network::kNotNeeded;
        note("The server answers all the same: it needs no network.", false, at);
        tell_lanes(at);
      }
      (this->*on_answer)(*answered, at);
    } else {
      unreachable(at);
    }
  });
  call_timeout_ = Timer(wiring_, kAnswerTimeout, [this](Micros at) {
    call_.close();
    unreachable(at);
  });
}

// Where the lanes share the server's origin with other tabs, its connections may be all in use.
std::string Run::own_origin() const {
  return other_tabs() == 0 || lane_ports_.empty() ? settings_.server : lane_origin(0);
}

void Run::get(const std::string& path, OnAnswer on_answer, Micros now) {
  Request request;
  request.url = own_origin() + path;
  ask(std::move(request), on_answer, now);
}

void Run::unreachable(Micros now) {
  reachable_ = false;
  if (network_ == Network::kInQuestion || network_ == Network::kNotNeeded) {
    network_ = Network::kGone;
    tell_lanes(now);
  }
  if (state_ == RunState::kStopped || state_ == RunState::kFailed) return;
  error_ = "The playground server at " + settings_.server +
           " does not answer. Trying again every second.";
  after(kTick, retry_);
}

void Run::after(Micros delay, void (Run::*then)(Micros now)) {
  pausing_ = false;
  next_ = Timer(wiring_, delay, [this, then](Micros at) { (this->*then)(at); });
}

void Run::fail(std::string error) {
  error_ = std::move(error);
  state_ = RunState::kFailed;
}

// The way to a running comparison

void Run::find_server(Micros now) {
  retry_ = &Run::find_server;
  lane_ports_.clear();
  get("/api/config", &Run::take_config, now);
}

void Run::take_config(const Answered& answer, Micros now) {
  const Json config = parse(answer.body);
  if (answer.status != 200 || !config.is_object()) {
    stopped_at_ = now;
    for (const LaneEntry& entry : lanes_) entry.lane->stop(now);
    return fail("What answers at " + settings_.server + " is not a playground server.");
  }
  error_.clear();
  if (const auto ports = config.find("lane_ports"); ports != config.end() && ports->is_array()) {
    for (const Json& port : *ports) {
      if (port.is_number_unsigned()) lane_ports_.push_back(port.get<std::uint16_t>());
    }
  }
  lane_host_ = host_for_ports(settings_.server);
  if (lane_ports_.empty() || lane_host_.empty()) {
    lane_ports_.clear();
    return ask_time(now);
  }
  try_lane_origin(now);
}

// Behind a proxy the lane ports are not there to be reached; a page that waited for them would
// never start, so that this question has a short time and no second chance.
void Run::try_lane_origin(Micros now) {
  Request request;
  request.url = lane_origin(0) + "/api/time";
  call_ = Connection(wiring_, request, [this](const HostEvent& event, Micros at) {
    call_timeout_.cancel();
    call_.close();
    const auto* answered = std::get_if<Answered>(&event);
    if (answered == nullptr || answered->status != 200) lane_ports_.clear();
    ask_time(at);
  });
  call_timeout_ = Timer(wiring_, kLaneOriginTimeout, [this](Micros at) {
    call_.close();
    lane_ports_.clear();
    ask_time(at);
  });
  asked_at_ = now;
}

void Run::ask_time(Micros now) {
  if (channel_.empty()) retry_ = &Run::ask_time;
  clock_asked_at_ = now;
  get("/api/time", &Run::take_time, now);
}

void Run::take_time(const Answered& answer, Micros now) {
  const Json json = parse(answer.body);
  if (answer.status == 200 && json.is_object()) {
    clock_.record(asked_at_, static_cast<Micros>(count_in(json, "now_us")), now);
  }
  if (!channel_.empty()) return pause_until_next_tick();
  if (clock_.samples() < kFirstClockSamples && answer.status == 200) return ask_time(now);
  create_channel(now);
}

void Run::create_channel(Micros now) {
  retry_ = &Run::create_channel;
  Request request;
  request.method = "POST";
  // The heads of streams are of interest when they are long past.
  request.url = settings_.server + "/api/channels?wire_log=1";
  request.body = to_json(settings_.scenario);
  request.content_type = "application/json";
  ask(std::move(request), &Run::take_channel, now);
}

void Run::take_channel(const Answered& answer, Micros now) {
  const Json json = parse(answer.body);
  const auto id = json.is_object() ? json.find("id") : json.end();
  if (answer.status != 201 || id == json.end() || !id->is_string()) {
    stopped_at_ = now;
    for (const LaneEntry& entry : lanes_) entry.lane->stop(now);
    return fail("The server refused the scenario: " + error_in(answer) + ".");
  }
  error_.clear();
  channel_ = id->get<std::string>();
  start_lanes(now);
  after(kTick, &Run::tick);
  retry_ = &Run::tick;
}

void Run::start_lanes(Micros now) {
  const bool first = state_ == RunState::kConnecting;
  state_ = RunState::kRunning;
  begin_epoch(0);
  last_wire_.clear();
  tell_lanes(now);
  forget_faults(now);
  for (const Fault& fault : settings_.scenario.faults) faults_.add(fault, now);
  play_faults(now);
  open_other_tabs();
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (first) {
      lanes_[i].lane->start(target_for(i), now);
    } else {
      lanes_[i].wire.begin_epoch();
      lanes_[i].lane->start_over(target_for(i), now);
    }
  }
}

void Run::begin_epoch(std::uint32_t epoch) {
  epoch_ = epoch;
  past_sent_ += highest_seen_;
  highest_seen_ = 0;
  sent_.clear();
}

Target Run::target_for(std::size_t lane) const {
  const std::string path = channel_path();
  Target target;
  target.lane = info(settings_.lanes[lane]).name;
  target.short_poll_interval = settings_.short_poll_interval;
  target.back_rate = settings_.back_rate;
  // Not all at once: what one says can be told from what another does.
  target.back_phase = static_cast<double>(lane + 1) / static_cast<double>(lanes_.size() + 1);
  target.back_bytes = settings_.scenario.payload_bytes;
  const bool own_port = !lane_ports_.empty() && other_tabs() == 0;
  target.http = (own_port ? lane_origin(lane) : settings_.server) + path;
  target.websocket = "ws" + settings_.server.substr(4) + path;  // http -> ws, https -> wss
  return target;
}

// One of the lane ports, which are there.
std::string Run::lane_origin(std::size_t lane) const {
  std::string origin = lane_host_;
  append_number(lane_ports_[lane % lane_ports_.size()], origin);
  return origin;
}

unsigned Run::other_tabs() const {
  return settings_.environment == nullptr ? 0 : settings_.environment->other_tabs;
}

// A browser counts its connections for all tabs together: for it these are no different.
void Run::open_other_tabs() {
  other_tabs_.clear();
  for (unsigned i = 1; i <= other_tabs(); ++i) {
    Request request;
    request.kind = ConnectionKind::kEventSource;
    request.url = settings_.server + channel_path() + "/sse?lane=tab-";
    append_number(i, request.url);
    request.reconnects_itself = true;
    other_tabs_.emplace_back(wiring_, request, [](const HostEvent&, Micros) {});
  }
}

void Run::ask_wire(std::size_t lane, std::optional<std::uint64_t> seq,
                   WireQuestion::OnExplained on_explained) {
  WireSubject subject{std::string(info(lanes_.at(lane).lane->asked()).name), seq};
  if (state_ != RunState::kRunning || channel_.empty()) {
    return on_explained(wire::unexplained_json(
        "The server keeps these bytes only while a run is going on.", subject.lane, seq));
  }
  wire_question_.ask(wiring_, own_origin() + channel_path(), std::move(subject),
                     std::move(on_explained));
}

// The world around the page

void Run::environment(const Environment& environment, Micros now) {
  const bool was_online = std::exchange(environment_, environment).online;
  if (state_ == RunState::kStopped || state_ == RunState::kFailed) return;
  if (was_online != environment.online) {
    network_ = environment.online ? Network::kThere : Network::kInQuestion;
    note(environment.online
             ? "The browser says that it is **online** again."
             : "The browser says that it is **offline**. Asking the server whether that matters.",
         !environment.online, now);
    // The server is asked at once, whatever was under way.
    call_.close();
    call_timeout_.cancel();
    after(0, retry_);
  }
  tell_lanes(now);
}

void Run::tell_lanes(Micros now) {
  const Environment known{network_ != Network::kGone, environment_.visible};
  for (const LaneEntry& entry : lanes_) entry.lane->environment(known, now);
}

// While it runs

void Run::tick(Micros now) {
  wire_used_ = false;
  get(channel_path() + "/wire", &Run::take_wire, now);
}

void Run::pause_until_next_tick() {
  after(wire_used_ ? kTick : kQuietTick, &Run::tick);
  pausing_ = !wire_used_;
}

void Run::take_wire(const Answered& answer, Micros now) {
  error_.clear();
  if (answer.status == 404) {
    note(
        "The server does not know this channel any more: it was restarted, or the channel is over "
        "(" +
            error_in(answer) + "). Starting a new one.",
        true, now);
    // A server that was restarted has other lane ports.
    channel_.clear();
    return find_server(now);
  }
  // What a lane was sent may be on its way to it.
  if (read_wire(answer)) wire_used_ = true;
  if (now - clock_asked_at_ >= kClockInterval) return ask_time(now);
  pause_until_next_tick();
}

bool Run::read_wire(const Answered& answer) {
  if (answer.body == last_wire_) {
    for (LaneEntry& entry : lanes_) entry.wire.read_again(entry.lane->ledger().delivered());
    return false;
  }
  last_wire_ = answer.body;
  const Json json = parse(answer.body);
  const auto list = json.is_object() ? json.find("lanes") : json.end();
  if (list == json.end() || !list->is_array()) return true;
  for (const Json& row : *list) {
    const auto name = row.is_object() ? row.find("lane") : row.end();
    if (name == row.end() || !name->is_string()) continue;
    for (LaneEntry& entry : lanes_) {
      if (info(entry.lane->asked()).name != name->get_ref<const std::string&>()) continue;
      entry.wire.read({count_in(row, "bytes_in"), count_in(row, "bytes_out"),
                       count_in(row, "requests"), count_in(row, "connections")},
                      entry.lane->ledger().delivered());
    }
  }
  return true;
}

void Run::take_last_wire(const Answered& answer, Micros now) {
  read_wire(answer);
  Request request;
  request.method = "DELETE";
  request.url = own_origin() + channel_path();
  channel_.clear();
  ask(std::move(request), &Run::take_nothing, now);
}

void Run::take_nothing(const Answered&, Micros) {}

}  // namespace playground::client
