#include "core/client/run.h"

#include <algorithm>

#include "core/client/decision_words.h"
#include "core/client/words.h"
#include "core/json_text.h"

namespace playground::client {

Run::Run(Settings settings, Dispatcher& dispatcher, std::uint64_t seed)
    : settings_(std::move(settings)),
      dispatcher_(dispatcher),
      random_(seed),
      session_(settings_, dispatcher, *this) {
  LaneContext& context = *this;
  LaneNews& news = *this;
  for (const TransportId id : settings_.lanes) {
    lanes_.emplace_back(ladder_for(id, settings_.ladder), dispatcher_, context, news,
                        random_.next());
  }
  if (kSimulatedOnly) return;
  for (const auto& each : settings_.endpoints) {
    auto endpoint = std::make_shared<EndpointLane>(each, dispatcher_, context, news);
    const std::vector<TransportId> itself{each->feed.transport};
    endpoint->belongs_to(
        lanes_.emplace_back(itself, dispatcher_, *endpoint, *endpoint, random_.next()));
    endpoints_.push_back(std::move(endpoint));
  }
}

void Run::start(Micros now) {
  started_at_ = now;
  session_.start(now);
  for (const auto& each : endpoints()) each->start(now);
}

void Run::stop(Micros now) {
  if (session_.over()) return;
  stop_lanes(now);
  session_.stop(now);
}

void Run::stop_lanes(Micros now) {
  stopped_at_ = now;
  for (std::size_t i = 0; i < session_lanes(); ++i) lanes_[i].stop(now);
  for (const auto& each : endpoints()) each->stop(now);
  other_tabs_.clear();
}

void Run::ask_wire(std::size_t lane, std::optional<std::uint64_t> seq,
                   Session::OnWireLog on_wire_log) {
  if (lane >= session_lanes()) {
    return on_wire_log(0, "Only a playground server keeps the bytes that it writes.");
  }
  session_.ask_wire(info(lanes_.at(lane).lane().asked()).name, seq, std::move(on_wire_log));
}

std::string Run::send_text(std::size_t endpoint, std::string_view text, Micros now) {
  if (kSimulatedOnly || endpoint >= endpoints_.size()) return "There is no such endpoint.";
  if (session_.over()) return "The run is over.";
  return endpoints_[endpoint]->send(text, now);
}

// From a lane

bool Run::has(Feature feature) const {
  const auto& without = settings_.without;
  return std::find(without.begin(), without.end(), feature) == without.end() &&
         dispatcher_.host().has(feature);
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

void Run::begin_epoch(std::uint32_t epoch) {
  epoch_ = epoch;
  past_sent_ += highest_seen_;
  highest_seen_ = 0;
  sent_.clear();
}

void Run::decided(Decision decision) {
  decision.number = ++decided_;
  decision.at -= started_at_;
  decisions_.push_back(std::move(decision));
  if (decisions_.size() > kMaxDecisions) decisions_.pop_front();
}

// From the session

void Run::on_channel(bool first, Micros now) {
  begin_epoch(0);
  open_other_tabs();
  for (std::size_t i = 0; i < session_lanes(); ++i) {
    if (first) {
      lanes_[i].start(spec_for(i), plan_for(i), now);
    } else {
      lanes_[i].start_over(spec_for(i), plan_for(i), now);
    }
  }
}

FeedSpec Run::spec_for(std::size_t lane) const {
  FeedSpec spec{.transport = settings_.lanes[lane]};
  spec.endpoint.http = session_.channel_for(lane);
  spec.endpoint.websocket = "ws" + session_.channel_url().substr(4);  // http -> ws, https -> wss
  spec.endpoint.lane = info(spec.transport).name;
  spec.endpoint.short_poll_interval = settings_.short_poll_interval;
  spec.endpoint.plain_headers = settings_.plain_headers;
  return spec;
}

// Not all at once, so that what one says can be told from what another does.
Uplink::Plan Run::plan_for(std::size_t lane) const {
  return {.rate = settings_.back_rate,
          .phase = static_cast<double>(lane + 1) / static_cast<double>(session_lanes() + 1),
          .bytes = settings_.scenario.payload_bytes};
}

// A browser counts its connections for all tabs together: to it these are no different.
void Run::open_other_tabs() {
  other_tabs_.clear();
  const unsigned tabs = settings_.environment == nullptr ? 0 : settings_.environment->other_tabs;
  for (unsigned i = 1; i <= tabs; ++i) {
    Request request;
    request.kind = ConnectionKind::kEventSource;
    request.url = session_.channel_url() + "/sse?lane=tab-";
    append_number(i, request.url);
    request.reconnects_itself = true;
    request.of_another_page = true;
    other_tabs_.emplace_back(dispatcher_, request, [](const HostEvent&, Micros) {});
  }
}

void Run::on_channel_lost(const std::string& why, Micros now) {
  note(Reason::kChannelLost, now, {.said = why});
  // Until there is another channel every attempt would fail, at a server that answers: their
  // transports would be blamed.
  for (std::size_t i = 0; i < session_lanes(); ++i) lanes_[i].stop(now);
}

std::string Run::error() const { return trouble() ? sentence(*trouble()) : std::string(); }

void Run::on_trouble(const Decision& trouble, Micros now) {
  note(trouble.reason, now, trouble.parameters);
}

void Run::on_failed(Micros now) { stop_lanes(now); }

void Run::on_network(Network network, Micros now) {
  switch (network) {
    case Network::kOnline:
      return note(Reason::kOnline, now);
    case Network::kOffline:
      return note(Reason::kOffline, now);
    case Network::kNotNeeded:
      return note(Reason::kNetworkNotNeeded, now);
  }
}

void Run::on_environment(const Environment& known, Micros now) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    // Of the playground's server nothing follows for other people's: those are tried.
    const bool online = i >= session_lanes() || known.online;
    lanes_[i].lane().environment({online, known.visible}, now);
  }
}

void Run::on_wire_count(std::string_view lane, const measure::WireCount& count) {
  for (std::size_t i = 0; i < session_lanes(); ++i) {
    if (info(settings_.lanes[i]).name == lane) lanes_[i].wire_counted(count);
  }
}

void Run::on_wire_read(Micros now) {
  for (std::size_t i = 0; i < session_lanes(); ++i) lanes_[i].wire_read(now);
}

// Faults

void Run::add_fault(const Fault& fault, Micros now) {
  if (session_.over() || session_.add_fault(fault, now)) return;
  note(Reason::kTooManyFaults, now, {.count = kMaxFaults, .fault = fault});
}

void Run::lift_faults(Micros now) {
  if (session_.over()) return;
  if (!faults().active().empty()) note(Reason::kFaultsLifted, now);
  session_.lift_faults(now);
}

void Run::on_fault(const Fault& fault, FaultChange change, Micros now) {
  switch (change) {
    case FaultChange::kBegins:
      note(Reason::kFaultBegins, now, {.fault = fault});
      return mark_lanes(fault, "", true, now);
    case FaultChange::kEnds:
      note(Reason::kFaultEnds, now, {.fault = fault});
      return mark_lanes(fault, " ends", false, now);
    case FaultChange::kLifted:
      note(Reason::kFaultLifted, now, {.fault = fault});
      return mark_lanes(fault, " lifted", false, now);
  }
}

void Run::on_faults_over(bool lifted, Micros now) {
  for (std::size_t i = 0; i < session_lanes(); ++i) {
    ObservedLane& each = lanes_[i];
    if (lifted) each.track().mark("lifted", false, now);
    each.track().trouble_ends({}, now);
  }
}

// What was reported as played is not.
void Run::on_fault_refused(const FaultTimes::Entry* fault, const std::optional<std::string>& why,
                           Micros now) {
  Parameters what{.said = why.value_or("")};
  if (fault != nullptr) what.fault = fault->fault;
  note(why ? Reason::kFaultRefused : Reason::kFaultUnanswered, now, std::move(what));
  if (fault != nullptr && fault->begun) mark_lanes(fault->fault, " refused", false, now);
}

void Run::on_fault_times(Micros) {
  for (std::size_t i = 0; i < session_lanes(); ++i) {
    lanes_[i].track().trouble_comes(next_trouble(lanes_[i].lane()));
  }
}

std::optional<view::Trouble> Run::next_trouble(const Lane& lane) const {
  std::optional<view::Trouble> next;
  for (const auto& [number, each] : faults().entries()) {
    if (each.begun || !concerns(each.fault, lane.asked(), lane.running())) continue;
    if (next && next->begin <= each.begin_us) continue;
    next = {each.begin_us, each.end_us, std::string(fault_word(each.fault))};
  }
  return next;
}

void Run::mark_lanes(const Fault& fault, std::string_view more, bool begins, Micros now) {
  const std::string word(fault_word(fault));
  for (std::size_t i = 0; i < session_lanes(); ++i) {
    ObservedLane& each = lanes_[i];
    view::Track& track = each.track();
    if (!begins) track.trouble_ends(word, now);
    if (!concerns(fault, each.lane().asked(), each.lane().running())) continue;
    track.mark(std::string(word).append(more), begins, now);
    if (begins && !is_moment(fault.kind)) track.trouble_begins(word, now);
  }
}

}  // namespace playground::client
