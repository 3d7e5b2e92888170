#include "core/client/session.h"

#include <algorithm>
#include <utility>

#include "core/client/answerer.h"
#include "core/client/unanswered.h"
#include "core/client/words.h"
#include "core/field_text.h"
#include "core/json.h"
#include "core/json_text.h"

namespace playground::client {
namespace {

constexpr Micros kLaneOriginTimeout = 1 * kSecond;
constexpr Micros kRetryPause = 1 * kSecond;
constexpr std::uint32_t kFirstClockSamples = 4;

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

// Empty where none was created.
std::string created_channel(const Answered& answer) {
  const Json json = parse_json(answer.body);
  const std::string* id = text_in(json, "id");
  return answer.status == 201 && id != nullptr ? *id : std::string();
}

void delete_channel(Dispatcher& dispatcher, std::string url) {
  Request request;
  request.method = "DELETE";
  request.url = std::move(url);
  Question::ask_and_forget(dispatcher, request, kAnswerTimeout);
}

}  // namespace

Session::Session(const Settings& settings, Dispatcher& dispatcher, SessionEvents& events)
    : server_(settings.server),
      has_lanes_(!settings.lanes.empty()),
      shares_origin_(settings.environment != nullptr && settings.environment->other_tabs > 0),
      uses_lane_ports_(settings.lane_ports),
      scenario_(settings.scenario),
      dispatcher_(dispatcher),
      events_(events),
      environment_(dispatcher.host().environment()),
      faults_(dispatcher, events) {
  if (!environment_.online) network_ = Network::kInQuestion;
  dispatcher_.on_environment(
      [this](const Environment& now_so, Micros at) { environment(now_so, at); });
}

void Session::start(Micros now) {
  if (has_lanes_) return find_server(now);
  state_ = RunState::kRunning;
}

void Session::stop(Micros now) {
  if (over()) return;
  state_ = RunState::kStopped;
  next_.cancel();
  wire_question_.cancel();
  faults_.forget(now);
  if (channel_.empty() || !reachable_) return leave();
  get(channel_path() + "/wire", &Session::take_last_wire, now);
}

void Session::leave() {
  drop_question();
  next_.cancel();
  if (!channel_.empty()) delete_channel(dispatcher_, own_origin() + channel_path());
  channel_.clear();
}

// Asking

void Session::ask(const Request& request, OnAnswer on_answer, Micros now) {
  asked_at_ = now;
  question_ = Question(dispatcher_, request, kAnswerTimeout,
                       [this, on_answer](const Reply& reply, Micros at) {
                         if (reply.outcome == Reply::Outcome::kNotSent && !over()) {
                           return after(0, retry_);  // to the end of the browser's queue
                         }
                         if (!reply.answered()) {
                           return unreachable(reply.outcome == Reply::Outcome::kTimedOut, at);
                         }
                         asked_at_ = reply.waited_until.value_or(asked_at_);
                         if (put_off(reply.answer, at)) return;
                         reachable_ = true;
                         seen_answering_ = false;
                         answered_at_ = at;
                         if (network_ == Network::kInQuestion || network_ == Network::kGone) {
                           network_ = Network::kNotNeeded;
                           events_.on_network(SessionEvents::Network::kNotNeeded, at);
                           tell_environment(at);
                         }
                         (this->*on_answer)(reply.answer, at);
                       });
}

void Session::get(const std::string& path, OnAnswer on_answer, Micros now) {
  Request request;
  request.url = own_origin() + path;
  ask(request, on_answer, now);
}

void Session::drop_question() {
  if (std::exchange(faults_sent_, std::nullopt)) {
    question_.detach([&dispatcher = dispatcher_, server = server_](const Reply& reply, Micros) {
      const std::string id = reply.answered() ? created_channel(reply.answer) : std::string();
      if (!id.empty()) delete_channel(dispatcher, server + "/api/channels/" + id);
    });
  }
  question_.cancel();
}

void Session::server_gone(Micros now) {
  reachable_ = false;
  if (network_ == Network::kInQuestion || network_ == Network::kNotNeeded) {
    network_ = Network::kGone;
    tell_environment(now);
  }
}

void Session::unreachable(bool timed_out, Micros now) {
  server_gone(now);
  faults_sent_.reset();
  if (over()) return leave();
  find_out_why(timed_out, now);
}

// 429 may be the gateway's word or the server's (RFC 6585 4).
bool Session::put_off(const Answered& answer, Micros now) {
  const bool away = server_is_away(answer.status, answer.fields);
  if (!away && answer.status != 429) return false;
  faults_sent_.reset();
  if (away) server_gone(now);
  if (over()) {
    leave();
    return true;
  }
  const Micros asked = retry_after(answer.fields, dispatcher_.host().epoch_offset() + now);
  const Micros pause = std::max(asked, kRetryPause);
  set_trouble(away ? Reason::kServerAway : Reason::kServerBusy,
              {.pause = pause,
               .server = server_,
               .status = answer.status,
               .answered_by = is_playground(answer.fields) ? "" : answered_by(answer.fields)},
              now);
  after(pause, retry_);
  return true;
}

void Session::find_out_why(bool timed_out, Micros now) {
  const Page page = dispatcher_.host().page();
  const auto request = ask_why(page, own_origin(), timed_out);
  if (!request) return out_of_reach(Reason::kServerNotThere, now);
  const auto take = [this, page, timed_out](const Reply& reply, Micros at) {
    const Reason reason = why_unanswered(page, own_origin(), timed_out, reply.answered());
    // Twice in a row: once it may have been away, and come back in between.
    const bool waits = reason == Reason::kNoConnectionLeft;
    if (waits && !std::exchange(seen_answering_, true)) return after(0, retry_);
    out_of_reach(reason, at);
  };
  question_ = Question(dispatcher_, *request, kUnansweredTimeout, take);
}

void Session::out_of_reach(Reason reason, Micros now) {
  set_trouble(reason, {.server = server_, .origin = dispatcher_.host().page().origin}, now);
  after(kRetryPause, retry_);
}

void Session::set_trouble(Reason reason, Parameters parameters, Micros now) {
  const bool same = trouble_ && trouble_->reason == reason;
  trouble_ = Decision{.at = now, .reason = reason, .parameters = std::move(parameters)};
  if (!same) events_.on_trouble(*trouble_, now);
}

void Session::after(Micros delay, void (Session::*then)(Micros now)) {
  pausing_ = false;
  next_ = Timer(dispatcher_, delay, [this, then](Micros at) { (this->*then)(at); });
}

void Session::fail(Reason reason, Parameters parameters, Micros now) {
  set_trouble(reason, std::move(parameters), now);
  state_ = RunState::kFailed;
  faults_.forget(now);
  events_.on_failed(now);
}

// The way to a channel

void Session::find_server(Micros now) {
  retry_ = &Session::find_server;
  lane_ports_.clear();
  get("/api/config", &Session::take_config, now);
}

void Session::take_config(const Answered& answer, Micros now) {
  const Json config = parse_json(answer.body);
  if (answer.status != 200 && is_playground(answer.fields)) {
    return fail(Reason::kServerRefuses, {.said = error_in(answer), .server = server_}, now);
  }
  if (answer.status != 200 || config.members() == nullptr) {
    return fail(Reason::kNotPlayground,
                {.server = server_,
                 .status = answer.status,
                 .type = std::string(find_field(answer.fields, "Content-Type"))},
                now);
  }
  trouble_.reset();
  const Json* proxied = member_in(config, "proxied");
  proxied_ = proxied != nullptr && proxied->truth() != nullptr && *proxied->truth();
  if (const Json::Elements* ports = array_in(config, "lane_ports")) {
    for (const Json& port : *ports) {
      if (const auto number = port.count()) {
        lane_ports_.push_back(static_cast<std::uint16_t>(*number));
      }
    }
  }
  lane_host_ = host_for_ports(server_);
  if (lane_host_.empty() || !uses_lane_ports_) lane_ports_.clear();
  if (lane_ports_.empty()) return ask_time(now);
  try_lane_origin(now);
}

// Behind a proxy the lane ports cannot be reached. A page that waited for them would never start,
// so this question has a short time limit and no second chance.
void Session::try_lane_origin(Micros now) {
  asked_at_ = now;
  Request request;
  request.url = lane_origin(0) + "/api/time";
  question_ =
      Question(dispatcher_, request, kLaneOriginTimeout, [this](const Reply& reply, Micros at) {
        if (reply.answer.status != 200) lane_ports_.clear();
        ask_time(at);
      });
}

void Session::ask_time(Micros now) {
  if (channel_.empty()) retry_ = &Session::ask_time;
  clock_asked_at_ = now;
  get("/api/time", &Session::take_time, now);
}

void Session::take_time(const Answered& answer, Micros now) {
  const Json json = parse_json(answer.body);
  if (answer.status == 200 && json.members() != nullptr) {
    clock_.record(asked_at_, static_cast<Micros>(count_in(json, "now_us").value_or(0)), now);
  }
  if (!channel_.empty()) return pause_until_next_tick();
  if (clock_.samples() < kFirstClockSamples && answer.status == 200) return ask_time(now);
  create_channel(now);
}

void Session::create_channel(Micros now) {
  retry_ = &Session::create_channel;
  faults_sent_ = scenario_.faults;
  lifted_since_ = false;
  Request request;
  request.method = "POST";
  // The heads of streams are asked for long after they have passed.
  request.url = server_ + "/api/channels?wire_log=1";
  request.body = to_json(scenario_);
  request.content_type = "application/json";
  ask(request, &Session::take_channel, now);
}

void Session::take_channel(const Answered& answer, Micros now) {
  const std::vector<Fault> sent = *std::exchange(faults_sent_, std::nullopt);
  channel_ = created_channel(answer);
  if (channel_.empty()) {
    return fail(Reason::kScenarioRefused, {.said = error_in(answer), .server = server_}, now);
  }
  trouble_.reset();
  const bool first = std::exchange(state_, RunState::kRunning) == RunState::kConnecting;
  last_wire_.clear();
  tell_environment(now);
  faults_.begin(own_origin() + channel_path() + "/faults", sent, now);
  if (lifted_since_) faults_.lift_all(now);
  const auto& faults = scenario_.faults;
  for (std::size_t i = lifted_since_ ? 0 : sent.size(); i < faults.size(); ++i) {
    faults_.add(faults[i], now);
  }
  events_.on_channel(first, now);
  after(kRetryPause, &Session::tick);
  retry_ = &Session::tick;
}

bool Session::add_fault(const Fault& fault, Micros now) {
  if (!channel_.empty()) return faults_.add(fault, now);
  if (scenario_.faults.size() >= kMaxFaults) return false;
  scenario_.faults.push_back(fault);
  return true;
}

void Session::lift_faults(Micros now) {
  scenario_.faults.clear();
  lifted_since_ = true;
  if (!channel_.empty()) faults_.lift_all(now);
}

// Addresses

std::string Session::channel_for(std::size_t lane) const {
  const bool own_port = !lane_ports_.empty() && !shares_origin_;
  return own_port ? lane_origin(lane) + channel_path() : channel_url();
}

// One of the lane ports; there must be some.
std::string Session::lane_origin(std::size_t lane) const {
  std::string origin = lane_host_;
  append_number(lane_ports_[lane % lane_ports_.size()], origin);
  return origin;
}

// Where the lanes share the server's origin with other tabs, its connections may all be in use.
std::string Session::own_origin() const {
  return !shares_origin_ || lane_ports_.empty() ? server_ : lane_origin(0);
}

// The world around the page

void Session::environment(const Environment& environment, Micros now) {
  const bool was_online = std::exchange(environment_, environment).online;
  if (over()) return;
  if (has_lanes_ && was_online != environment.online) {
    network_ = environment.online ? Network::kThere : Network::kInQuestion;
    events_.on_network(
        environment.online ? SessionEvents::Network::kOnline : SessionEvents::Network::kOffline,
        now);
    // Ask the server at once, whatever else was being asked.
    drop_question();
    after(0, retry_);
  }
  tell_environment(now);
}

void Session::tell_environment(Micros now) {
  events_.on_environment({network_ != Network::kGone, environment_.visible}, now);
}

}  // namespace playground::client
