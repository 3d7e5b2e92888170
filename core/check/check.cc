#include "core/check/check.h"

#include <algorithm>
#include <utility>

#include "core/check/seen.h"
#include "core/client/answerer.h"
#include "core/client/unanswered.h"
#include "core/json.h"
#include "core/json_text.h"

namespace playground::check {

using client::kMillisecond;
using client::kSecond;

namespace {

constexpr std::size_t kClockSamples = 4;
constexpr std::size_t kIdDigits = 12;
// Of the connections that the host has for an origin, six in a browser, these are left for
// questions.
constexpr std::size_t kForQuestions = 2;
constexpr std::size_t kMostAtOnce = 12;
constexpr std::size_t kWebSockets = 16;
// Where Upgrades hang, two are enough to know: Firefox keeps the connection of each, also when its
// WebSocket has been closed, until the other end closes it, and has six of them.
constexpr std::size_t kMostHanging = 2;
// The server may hear of an end a little later than the client.
constexpr Micros kBeforeAsking = 250 * kMillisecond;
constexpr Micros kKeepChannel = 10 * kSecond;
constexpr Micros kBeforeAskingAgain = 1500 * kMillisecond;

bool silent(const Probe& probe) {
  return probe.kind == ProbeKind::kSilence || probe.kind == ProbeKind::kBeat;
}

// Nothing else is to pass meanwhile.
bool alone(const Probe& probe) {
  const bool may_poison =
      probe.kind == ProbeKind::kOpen && !probe.again && info(probe.transport).upgrades();
  return may_poison || probe.kind == ProbeKind::kRoundTrip || probe.kind == ProbeKind::kStreams ||
         probe.kind == ProbeKind::kFill || probe.kind == ProbeKind::kBothWays;
}

std::size_t connections(const Probe& probe) {
  if (info(probe.transport).upgrades()) return 0;
  return probe.kind == ProbeKind::kBothWays ? 2 : 1;
}

// What follows the server's address. `page` is the origin of this one.
std::string why_text(client::Reason reason, const std::string& page, bool timed_out) {
  switch (reason) {
    case client::Reason::kPageNotAllowed:
      return " answers, but does not let pages of " + page +
             " read that: if it is a playground server, start it with --allow-origin " + page;
    case client::Reason::kPageWithoutOrigin:
      return " answers, but this page comes from a file or a sandboxed frame: it has no origin "
             "that a server could allow";
    case client::Reason::kLocalNetworkDenied:
      return " cannot be reached: the permission of " + page +
             " for the local network is denied in this browser";
    case client::Reason::kNoConnectionLeft:
      return " answers, but not these requests: they wait in the browser, whose six connections "
             "to it other tabs hold";
    default:
      return timed_out ? " does not answer" : " cannot be reached: nothing answers there";
  }
}

}  // namespace

Check::Check(CheckSettings settings, client::Dispatcher& dispatcher, std::uint64_t seed)
    : settings_(std::move(settings)), dispatcher_(dispatcher), random_(seed) {
  target_.http = settings_.server + "/api/check/";
  target_.websocket = "ws" + target_.http.substr(4);  // https: wss:
  target_.channel = settings_.channel;
  observations_.path.server = settings_.server;
  observations_.path.page = dispatcher.host().page().origin;
  observations_.path.is_browser = !observations_.path.page.empty();
}

void Check::start(Micros now) {
  began_ = now;
  ask("/api/config", &Check::take_config, now);
}

void Check::ask(std::string path, void (Check::*then)(const client::Answered&, Micros),
                Micros now) {
  asked_at_ = now;
  client::Request request;
  request.url = settings_.server + path;
  question_ = client::Question(dispatcher_, request, client::kAnswerTimeout,
                               [this, then](const client::Reply& reply, Micros at) {
                                 if (reply.answered()) return (this->*then)(reply.answer, at);
                                 find_out_why(reply.outcome == client::Reply::Outcome::kTimedOut);
                               });
}

void Check::find_out_why(bool timed_out) {
  const client::Page page = dispatcher_.host().page();
  const auto request = client::ask_why(page, settings_.server, timed_out);
  const auto tell = [this, page, timed_out](bool answered) {
    fail(settings_.server +
         why_text(client::why_unanswered(page, settings_.server, timed_out, answered), page.origin,
                  timed_out));
  };
  if (!request) return tell(false);
  question_ =
      client::Question(dispatcher_, *request, client::kUnansweredTimeout,
                       [tell](const client::Reply& reply, Micros) { tell(reply.answered()); });
}

void Check::fail(std::string sentence) {
  error_ = std::move(sentence);
  over_ = true;
}

void Check::take_config(const client::Answered& answer, Micros now) {
  if (client::server_is_away(answer.status, answer.fields)) {
    return fail(settings_.server + " is away: " + client::answered_by(answer.fields) +
                " answers in its place, with status " + std::to_string(answer.status));
  }
  const Json json = parse_json(answer.body);
  const Json* limits = member_in(json, "limits");
  if (answer.status != 200 || !limits || !limits->members()) {
    return fail(settings_.server +
                " is no playground server: " + client::answered_by(answer.fields) + " answers " +
                std::to_string(answer.status) + " at /api/config");
  }
  if (count_in(*limits, "probes").value_or(0) == 0) {
    return fail(settings_.server + " is a playground server that does not answer checks");
  }
  Path& path = observations_.path;
  if (const std::string* version = text_in(json, "version")) path.version = *version;
  path.max_message = count_in(*limits, "message_bytes").value_or(0);
  path.max_body = count_in(*limits, "body_bytes").value_or(0);
  path.max_head = count_in(*limits, "head_bytes").value_or(0);
  ask("/api/time", &Check::take_time, now);
}

void Check::take_time(const client::Answered& answer, Micros now) {
  const auto server_us = count_in(parse_json(answer.body), "now_us");
  if (answer.status != 200 || !server_us) {
    return fail(settings_.server + " answers " + std::to_string(answer.status) + " at /api/time");
  }
  Path& path = observations_.path;
  path.clock.record(asked_at_, static_cast<Micros>(*server_us), now);
  if (path.clock.samples() < kClockSamples) return ask("/api/time", &Check::take_time, now);
  begin_probes(now);
}

void Check::begin_probes(Micros now) {
  Path& path = observations_.path;
  const std::string origin(client::origin_of(settings_.server));
  path.multiplexed = dispatcher_.host().multiplexes(origin);
  path.http_version = dispatcher_.host().http_version(origin);
  path.sent = {{"Last-Event-ID", "check-7"}};
  for (const Probe& each : plan(settings_, path, dispatcher_.host())) add(each);
  planned_ = total();
  keep_channel();
  go_on(now);
}

void Check::add(const Probe& probe) {
  observations_.all.emplace_back().probe = probe;
  std::string& id = observations_.all.back().id;
  id = random_.digits(kIdDigits) + "-";
  append_number(observations_.all.size(), id);
}

std::size_t Check::hanging() const {
  const auto hangs = [](const Observation& each) {
    return info(each.probe.transport).upgrades() && each.outcome == Outcome::kTimedOut &&
           !each.opened;
  };
  return static_cast<std::size_t>(
      std::count_if(observations_.all.begin(), observations_.all.end(), hangs));
}

bool Check::fits(const Probe& probe) const {
  if (info(probe.transport).upgrades() && probe.kind != ProbeKind::kOpen && hanging() > 0) {
    // Whether another one hangs is seen first.
    const auto tells = [](const Observation& each) {
      return each.probe.kind == ProbeKind::kOpen && info(each.probe.transport).upgrades() &&
             !each.over();
    };
    if (std::any_of(observations_.all.begin(), observations_.all.end(), tells)) return false;
  }
  std::size_t http = connections(probe);
  std::size_t web_sockets = info(probe.transport).upgrades() ? 1U : 0U;
  for (const Running& each : running_) {
    const Probe& other = observations_.all[each.index].probe;
    // What asks the server has a connection too.
    if (probe.kind == ProbeKind::kStreams && !silent(other)) return false;
    if (each.over) continue;
    http += connections(other);
    web_sockets += info(other.transport).upgrades() ? 1U : 0U;
    if (!silent(probe) && !silent(other) && (alone(probe) || alone(other))) return false;
    if (probe.kind == ProbeKind::kStreams && connections(other) > 0) return false;
    // Browsers open one WebSocket to a host after another: it would wait, and nobody would say so.
    const bool both = info(probe.transport).upgrades() && info(other.transport).upgrades();
    if (both && !observations_.all[each.index].opened) return false;
  }
  return http <= at_once() && web_sockets <= kWebSockets;
}

void Check::go_on(Micros now) {
  if (over_) return;
  // What has become a question on the way comes first.
  for (std::size_t i = planned_; i < total(); ++i) begin(i, now);
  for (std::size_t i = 0; i < planned_; ++i) {
    // Before what must be alone nothing else is begun, so that its turn comes.
    if (!begin(i, now) && alone(observations_.all[i].probe)) break;
  }
  over_ = running_.empty() && done_ == total();
}

// False where it has to wait.
bool Check::begin(std::size_t index, Micros now) {
  Observation& each = observations_.all[index];
  if (each.begun || each.over()) return true;
  if (pointless(each.probe)) {
    each.outcome = Outcome::kSkipped;
    ++done_;
    return true;
  }
  if (!fits(each.probe)) return false;
  running_.push_back({.index = index});
  Running& running = running_.back();
  running.run = std::make_unique<ProbeRun>(
      each, target_, observations_.path, dispatcher_, [this](Micros) { look_soon(); },
      [this, &running](Micros) { probe_over(running); });
  running.run->start(now);
  return true;
}

bool Check::pointless(const Probe& probe) const {
  const bool upgrades = info(probe.transport).upgrades();
  if (upgrades && std::any_of(observations_.all.begin(), observations_.all.end(),
                              [](const Observation& each) { return each.poisoned > 0; })) {
    return true;
  }
  if (upgrades && hanging() >= kMostHanging) return true;
  if (probe.kind == ProbeKind::kStreams && held_up() > 0) return true;
  if (probe.kind == ProbeKind::kOpen) return false;
  if (probe.kind == ProbeKind::kWrites && probe.again) return false;
  std::size_t failed = 0;
  for (const Observation& each : observations_.all) {
    const Probe& other = each.probe;
    const bool tells = other.kind == ProbeKind::kOpen ||
                       (other.kind == ProbeKind::kWrites && other.bytes == 0 && !other.text);
    if (!tells || other.transport != probe.transport || !each.over()) continue;
    if (!each.arrivals.empty()) return false;
    ++failed;
  }
  return failed >= 3;
}

// A channel that nobody names is soon gone, and silence names none.
void Check::keep_channel() {
  if (settings_.channel.empty() || over_) return;
  client::Request request;
  request.url = settings_.server + "/api/channels/" + settings_.channel + "/faults";
  client::Question::ask_and_forget(dispatcher_, request, client::kAnswerTimeout);
  keeper_ = client::Timer(dispatcher_, kKeepChannel, [this](Micros) { keep_channel(); });
}

// Called from inside the run, which therefore stays for now.
void Check::probe_over(Running& running) {
  running.over = true;
  note_size(running);
  const Observation& seen = observations_.all[running.index];
  if (over_ || seen.outcome == Outcome::kStopped) return;
  running.pause = client::Timer(dispatcher_, kBeforeAsking, [this, &running](Micros) {
    running.run.reset();
    ask_server(running);
  });
  look_soon();
}

// Soon, since a host knows the newest only; and again, since a browser may not know it yet.
void Check::note_size(const Running& running) {
  Observation& seen = observations_.all[running.index];
  if (seen.address.empty() || seen.size) return;
  seen.size = dispatcher_.host().body_size(seen.address);
}

// Not now: this comes from inside a run.
void Check::look_soon() {
  sweep_ = client::Timer(dispatcher_, 0, [this](Micros at) { go_on(at); });
}

void Check::ask_server(Running& running) {
  client::Request request;
  request.url = target_.http + "probes/" + observations_.all[running.index].id;
  running.question = client::Question(
      dispatcher_, request, client::kAnswerTimeout,
      [this, &running](const client::Reply& reply, Micros at) {
        Observation& observation = observations_.all[running.index];
        if (reply.answered() && client::is_playground(reply.answer.fields)) {
          if (reply.answer.status == 200) {
            observation.seen = parse_seen(reply.answer.body, observations_.path.clock.offset_us());
          } else if (reply.answer.status == 404) {
            observation.seen = Seen{};
          }
        }
        const bool open = observation.seen && observation.seen->end == "open";
        if (open && running.asked++ == 0) {
          running.pause = client::Timer(dispatcher_, kBeforeAskingAgain,
                                        [this, &running](Micros) { ask_server(running); });
          return;
        }
        finish(running, at);
      });
}

void Check::finish(Running& running, Micros now) {
  note_size(running);
  running_.erase(std::find_if(running_.begin(), running_.end(),
                              [&](const Running& each) { return &each == &running; }));
  ++done_;
  for (const Probe& each : refine(settings_, observations_)) add(each);
  go_on(now);
}

void Check::stop(Micros now) {
  if (over_) return;
  over_ = true;
  question_.cancel();
  keeper_.cancel();
  for (Running& each : running_) {
    if (each.run && !each.over) each.run->stop(now);
  }
  running_.clear();
  for (Observation& each : observations_.all) {
    if (!each.over()) each.outcome = Outcome::kStopped;
  }
}

Micros Check::left(Micros now) const {
  Micros running = 0;
  Micros waiting = 0;
  for (const Observation& each : observations_.all) {
    if (each.over()) continue;
    const Micros takes = expected(each.probe);
    if (each.begun) {
      running = std::max(running, takes - (now - each.began));
    } else if (!info(each.probe.transport).upgrades()) {
      waiting += takes;
    }
  }
  return over_ ? 0 : running + waiting / static_cast<Micros>(at_once());
}

std::size_t Check::at_once() const {
  if (observations_.path.multiplexed) return kMostAtOnce;
  const std::size_t taken = kForQuestions + held_up();
  return std::min(kMostAtOnce, dispatcher_.host().connections_per_origin() - taken);
}

}  // namespace playground::check
