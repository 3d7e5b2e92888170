// The lane's state machine. What its attempts tell is in lane_events.cc, its words in
// lane_words.cc. Longer than other files: the table and the actions it names are read together.
#include "core/client/lane.h"

#include <algorithm>
#include <utility>

#include "core/client/words.h"
#include "core/json_text.h"

namespace playground::client {

using S = LaneState;

// Every step a lane can take. An event that has no row here does not concern the state it is in: a
// record when live, a deadline when waiting.
const Lane::Row Lane::kRows[] = {
    {S::kIdle, Event::kStart, S::kConnecting, &Lane::begin_attempt},
    {S::kIdle, Event::kUnusable, S::kClosed, &Lane::say_what_lacks},

    {S::kConnecting, Event::kDelivered, S::kLive, &Lane::went_live},
    {S::kConnecting, Event::kEnded, S::kWaiting, &Lane::attempt_failed},
    {S::kConnecting, Event::kDeadline, S::kWaiting, &Lane::deadline_passed},
    {S::kConnecting, Event::kSuspect, S::kConnecting, &Lane::begin_again},
    {S::kConnecting, Event::kOffline, S::kWaiting, &Lane::pause},
    {S::kConnecting, Event::kInterrupted, S::kConnecting, &Lane::browser_retries},
    {S::kConnecting, Event::kRefused, S::kClosed, &Lane::browser_gave_up},
    {S::kConnecting, Event::kStop, S::kIdle, &Lane::close},

    {S::kLive, Event::kEnded, S::kWaiting, &Lane::connection_lost},
    {S::kLive, Event::kDeadline, S::kWaiting, &Lane::went_silent},
    {S::kLive, Event::kSuspect, S::kChecking, &Lane::begin_check},
    {S::kLive, Event::kOnline, S::kChecking, &Lane::begin_check},
    {S::kLive, Event::kProbeDue, S::kProbing, &Lane::begin_probe},
    {S::kLive, Event::kInterrupted, S::kConnecting, &Lane::browser_retries},
    {S::kLive, Event::kRefused, S::kClosed, &Lane::browser_gave_up},
    {S::kLive, Event::kStop, S::kIdle, &Lane::close},

    {S::kProbing, Event::kProbeDelivered, S::kTrial, &Lane::begin_trial},
    {S::kProbing, Event::kProbeEnded, S::kLive, &Lane::probe_failed},
    {S::kProbing, Event::kProbeDeadline, S::kLive, &Lane::probe_failed},
    {S::kProbing, Event::kEnded, S::kWaiting, &Lane::connection_lost},
    {S::kProbing, Event::kDeadline, S::kWaiting, &Lane::went_silent},
    {S::kProbing, Event::kSuspect, S::kChecking, &Lane::begin_check},
    {S::kProbing, Event::kOffline, S::kLive, &Lane::leave_probe},
    {S::kProbing, Event::kStop, S::kIdle, &Lane::close},

    {S::kTrial, Event::kProbeHeld, S::kLive, &Lane::hand_over},
    {S::kTrial, Event::kProbeEnded, S::kLive, &Lane::probe_failed},
    {S::kTrial, Event::kEnded, S::kLive, &Lane::hand_over},
    {S::kTrial, Event::kDeadline, S::kLive, &Lane::hand_over},
    {S::kTrial, Event::kSuspect, S::kChecking, &Lane::begin_check},
    {S::kTrial, Event::kOffline, S::kLive, &Lane::leave_probe},
    {S::kTrial, Event::kStop, S::kIdle, &Lane::close},

    {S::kChecking, Event::kSign, S::kLive, &Lane::check_passed},
    {S::kChecking, Event::kProbeDelivered, S::kLive, &Lane::renew},
    // The way to the server may be shut for new connections only: silence decides.
    {S::kChecking, Event::kProbeEnded, S::kLive, &Lane::leave_probe},
    {S::kChecking, Event::kProbeDeadline, S::kLive, &Lane::leave_probe},
    {S::kChecking, Event::kEnded, S::kWaiting, &Lane::connection_lost},
    {S::kChecking, Event::kOffline, S::kLive, &Lane::leave_probe},
    {S::kChecking, Event::kStop, S::kIdle, &Lane::close},

    {S::kWaiting, Event::kDue, S::kConnecting, &Lane::begin_attempt},
    {S::kWaiting, Event::kOnline, S::kConnecting, &Lane::begin_at_once},
    {S::kWaiting, Event::kOffline, S::kWaiting, &Lane::pause},
    {S::kWaiting, Event::kStop, S::kIdle, &Lane::close},

    {S::kClosed, Event::kStop, S::kIdle, &Lane::close},
};

Lane::Lane(const std::vector<TransportId>& ladder, Wiring& wiring, LaneContext& context,
           std::uint64_t seed)
    : ladder_(ladder, seed),
      wiring_(wiring),
      context_(context),
      back_off_(seed),
      way_back_(wiring, [this](std::string_view text) { return say(text); }) {}

Lane::~Lane() = default;

void Lane::step(Event event, Micros now) {
  for (const Row& row : kRows) {
    if (row.from != state_ || row.event != event) continue;
    state_ = row.to;
    (this->*row.action)(now);
    return;
  }
}

void Lane::start(const Target& target, Micros now) {
  target_ = target;
  started_at_ = now;
  choose(0, now);
  step(usable(rung_) ? Event::kStart : Event::kUnusable, now);
  way_back_.start(target_);
}

void Lane::start_over(const Target& target, Micros now) {
  stop(now);
  target_ = target;
  cursor_ = 0;
  epoch_ = 0;
  ledger_.begin_epoch();
  useless_attempts_ = 0;
  rounds_ = 0;
  short_lives_ = 0;
  back_off_.succeeded();
  step(usable(rung_) ? Event::kStart : Event::kUnusable, now);
  way_back_.start(target_);
}

void Lane::stop(Micros now) {
  way_back_.stop();
  step(Event::kStop, now);
}

void Lane::environment(const Environment& environment, Micros now) {
  const bool was_online = std::exchange(environment_, environment).online;
  if (left_alone()) return;
  if (was_online != environment.online) {
    return step(environment.online ? Event::kOnline : Event::kOffline, now);
  }
  look_at_clock(now);
}

// Actions: the running transport

void Lane::begin_attempt(Micros now) {
  wait_timer_.cancel();
  current_ = attempt_on(rung_);
  if (!left_alone()) watch(first_record_deadline(), now);
  current_->start(target_, wiring_, cursor_, now);
}

void Lane::begin_again(Micros now) {
  close(now);
  decide("The clock jumped while " + strong(info(running()).title) + " was connecting. Beginning " +
             "again.",
         false, now);
  begin_attempt(now);
}

void Lane::begin_at_once(Micros now) {
  decide("Online again: " + strong(info(running()).title) + " is tried at once" +
             place_words(", after ") + ".",
         false, now);
  back_off_.succeeded();
  begin_attempt(now);
}

void Lane::went_live(Micros now) {
  std::string text = strong(info(running()).title);
  if (!ever_live_) {
    text += " delivers, " + duration_text(now - started_at_) + " after the start.";
  } else {
    text += " is back after " + duration_text(now - last_sign_at_);
    if (left_alone()) text += ", a pause of the browser's own";
    text += place_words(", and goes on after ") + '.';
  }
  decide(std::move(text), false, now);
  ever_live_ = true;
  on_probation_ = false;
  useless_attempts_ = 0;
  rounds_ = 0;
  live_since_ = now;
  if (left_alone()) return;
  watch(silence_left(now), now);
  schedule_probe(now);
}

void Lane::attempt_failed(Micros now) {
  const bool opened = current_->opened();
  const std::string detail = current_->end().detail;
  close(now);
  context_.lane_failed(now);
  if (!environment_.online) return wait(0, now);
  ++useless_attempts_;
  const std::string_view title = info(running()).title;
  if (useless_attempts_ >= kUselessAttempts && (opened || context_.server_reachable())) {
    return fall(strong(title) +
                    (opened ? " opens and ends without a message (" : " cannot be opened (") +
                    detail + "), three times in a row",
                opened ? "flapping" : "refused", now);
  }
  const Micros delay = reconnection_time_ + back_off_.next();
  // The first failure is worth a sentence; the rest of a long row is not.
  if (useless_attempts_ == 1) {
    decide(strong(title) + " could not connect (" + detail + "). Trying again in " +
               duration_text(delay) + ".",
           true, now);
  }
  wait(delay, now);
}

void Lane::deadline_passed(Micros now) {
  const bool opened = current_->opened();
  const std::string silence = duration_text(now - current_->begun_at());
  close(now);
  context_.lane_failed(now);
  const std::string title = strong(info(running()).title);
  if (opened) {
    track_.mark("silent " + silence, true, now);
    return fall(title + " is OPEN but nothing arrived within " + silence +
                    ": something in between is **buffering**",
                "buffered", now);
  }
  if (context_.server_reachable()) {
    return fall(title + " got no answer within " + silence, "no answer", now);
  }
  climb(silence, now);
  wait(back_off_.next(), now);
}

// Ordinary requests get no answer either, so that no transport is to blame. But it may be only they
// that find no way: a browser's connections to a server are few, and its WebSockets not among them.
void Lane::climb(const std::string& silence, Micros now) {
  const std::size_t rung = first_rung(now);
  if (rung >= rung_ || !usable(rung) || ladder_.expires(rung) > now) return;
  decide(strong(info(running()).title) + " got no answer within " + silence +
             ", and nor does any other request. Trying " + strong(info(ladder_[rung]).inside) +
             " again" + place_words(", after ") + ".",
         true, now);
  choose(rung, now);
  tag_ = tag_above();
}

void Lane::connection_lost(Micros now) {
  const End end = current_->end();
  const Micros lived = now - live_since_;
  close(now);
  context_.lane_failed(now);
  ++reconnects_;
  track_.mark("cut", true, now);
  const std::string title = strong(info(running()).title);
  const bool in_order = end.cause == EndCause::kClosedByServer;
  const std::string lost = title +
                           (in_order ? " was ended by the server (" : " lost its connection (") +
                           end.detail + ")";
  if (!environment_.online) {
    decide(lost + ". Waiting until the browser is online again.", true, now);
    return wait(0, now);
  }
  if (lived >= kMoment) {
    short_lives_ = 0;
    back_off_.succeeded();
    ladder_.proved(rung_);
  } else if (context_.server_reachable()) {
    if (on_probation_) {
      return fall(lost + " " + duration_text(lived) + " after it had taken over: it does not hold",
                  "flapping", now);
    }
    if (++short_lives_ >= kUselessAttempts) {
      return fall(title + " delivers and ends within " + duration_text(kMoment) + " (" +
                      end.detail + "), three times in a row",
                  "flapping", now);
    }
  }
  const Micros delay = reconnection_time_ + back_off_.next();
  decide(lost + ". Trying again in " + duration_text(delay) + place_words(", after ") + ".", true,
         now);
  wait(delay, now);
}

void Lane::went_silent(Micros now) {
  const bool poll = current_->awaits_answer() && info(running()).polls();
  const std::string silence =
      duration_text(now - (poll ? current_->requested_at() : current_->last_sign_at()));
  close(now);
  context_.lane_failed(now);
  short_lives_ = 0;
  back_off_.succeeded();
  decide(
      strong(info(running()).title) +
          (poll ? " has had no answer for " + silence + ", longer than the server holds a request"
                : " has been silent for " + silence +
                      ", longer than the server's heartbeat allows") +
          ": the connection is **dead**. Opening a new one" + place_words(", after ") + ".",
      true, now);
  track_.mark("silent " + silence, true, now);
  ++reconnects_;
  wait(0, now);
}

void Lane::pause(Micros now) {
  close(now);
  track_.mark("offline", true, now);
  decide("The browser says that it is **offline**: " + strong(info(running()).title) +
             " waits until it is online again.",
         true, now);
  wait(0, now);
}

void Lane::close(Micros now) {
  for (const auto* attempt : {&current_, &beside_}) {
    if (*attempt != nullptr) (*attempt)->stop();
  }
  watch_timer_.cancel();
  wait_timer_.cancel();
  probe_timer_.cancel();
  next_probe_at_.reset();
  track_.end_span(now);
  if (current_ != nullptr && current_->heard_of()) {
    last_sign_at_ = std::max(last_sign_at_, current_->last_sign_at());
  }
}

// Actions: the browser's own reconnection

void Lane::browser_retries(Micros now) {
  last_sign_at_ = now;
  track_.end_span(now);
  track_.mark("cut", true, now);
  context_.lane_failed(now);
  const std::string title = strong(info(running()).title);
  if (ever_live_) ++reconnects_;
  decide(title + (ever_live_ ? " lost its connection" : " could not connect") +
             ". The browser is CONNECTING by itself, after a pause that it does not tell.",
         true, now);
}

void Lane::browser_gave_up(Micros now) {
  const std::string detail = current_->end().detail;
  close(now);
  context_.lane_failed(now);
  track_.mark("CLOSED", true, now);
  decide(strong(info(running()).title) + " is CLOSED (" + detail +
             "): for anything but a 200 with an event stream, EventSource gives up **for good**.",
         true, now);
}

// Actions: another attempt beside the running one

void Lane::begin_beside(std::size_t rung, Micros now) {
  if (beside_ != nullptr) beside_->stop();
  beside_ = attempt_on(rung);
  overlap_before_ = overlap_;
  next_probe_at_.reset();
  time_probe(first_record_deadline(), Event::kProbeDeadline, now);
  beside_->start(target_, wiring_, cursor_, now);
}

void Lane::begin_probe(Micros now) {
  // A browser's timer may come a little early by a browser's clock.
  const Micros due = std::max(now, next_probe_at_.value_or(now));
  std::size_t rung = 0;
  while (!usable(rung) || ladder_.expires(rung) > due) ++rung;
  const TransportInfo& probe = info(ladder_[rung]);
  decide("Trying " + strong(probe.inside) + " again, while " + std::string(info(running()).inside) +
             " goes on.",
         false, now);
  track_.mark("trying " + std::string(probe.inside), false, now);
  begin_beside(rung, now);
}

void Lane::begin_trial(Micros now) { time_probe(kTrialTime, Event::kProbeHeld, now); }

void Lane::hand_over(Micros now) {
  const std::string from(info(running()).inside);
  swap_attempts(now);
  tag_ = tag_above();
  on_probation_ = true;
  useless_attempts_ = 0;
  short_lives_ = 0;
  reconnection_time_ = current_->reconnection_time().value_or(0);
  std::string text = strong(info(running()).title) + " delivers again and takes over from " + from;
  if (!beside_->end().detail.empty()) text += ", which ended (" + beside_->end().detail + ")";
  text += place_words(", after ");
  if (const std::uint64_t twice = overlap_ - overlap_before_; twice > 0) {
    text += ". Meanwhile ";
    append_number(twice, text);
    text += twice == 1 ? " message came over both, and was taken once"
                       : " messages came over both, and were taken once";
  }
  decide(text + ".", false, now);
  track_.mark(std::string(info(running()).inside), false, now);
}

void Lane::probe_failed(Micros now) {
  const Attempt& probe = *beside_;
  const std::string reason = !probe.end().detail.empty() ? probe.end().detail
                             : probe.opened()            ? "open, but nothing arrives"
                                                         : "no answer";
  beside_->stop();
  const Micros memory = ladder_.failed(probe.rung(), ladder_.tag(probe.rung()), now);
  decide(strong(info(probe.transport()).title) + " still fails (" + reason + "); " +
             std::string(info(running()).inside) + " goes on. The next try is in " +
             duration_text(memory) + ".",
         true, now);
  schedule_probe(now);
}

void Lane::leave_probe(Micros now) {
  beside_->stop();
  watch(std::max<Micros>(0, silence_left(now)), now);
  schedule_probe(now);
}

void Lane::begin_check(Micros now) {
  watch_timer_.cancel();
  decide(strong(info(running()).title) + " is **suspect**: the machine slept or the network " +
             "changed, and the last sign of life is " +
             duration_text(now - current_->last_sign_at()) +
             " old. Opening a second connection to see.",
         true, now);
  begin_beside(rung_, now);
}

void Lane::check_passed(Micros now) {
  decide(strong(info(running()).title) + " shows life: it stays.", false, now);
  leave_probe(now);
}

void Lane::renew(Micros now) {
  const Micros silence = now - current_->last_sign_at();
  swap_attempts(now);
  ++reconnects_;
  decide(strong(info(running()).title) + " goes on over a new connection" +
             place_words(", after ") + "; the old one had been silent for " +
             duration_text(silence) + ".",
         false, now);
  track_.mark("new connection", false, now);
}

// Parts of actions

std::unique_ptr<Attempt> Lane::attempt_on(std::size_t rung) {
  AttemptEvents& events = *this;
  return std::make_unique<Attempt>(ladder_[rung], rung, events);
}

WayBack::Sending Lane::say(std::string_view text) {
  if (!info(running()).two_way()) return WayBack::Sending::kOneWay;
  if (!open()) return WayBack::Sending::kNotOpen;
  current_->send(text);
  return WayBack::Sending::kSent;
}

void Lane::swap_attempts(Micros now) {
  last_sign_at_ = std::max(last_sign_at_, current_->last_sign_at());
  std::swap(current_, beside_);
  beside_->stop();
  rung_ = current_->rung();
  track_.begin_span(current_->transport(), now);
  if (current_->opened()) track_.span_opened(now);
  way_back_.flush();
  live_since_ = now;
  watch(silence_left(now), now);
  schedule_probe(now);
}

void Lane::wait(Micros delay, Micros now) {
  next_attempt_at_ = now + delay;
  if (!environment_.online) return;  // kOnline ends it
  wait_timer_ = Timer(wiring_, delay, [this](Micros at) { step(Event::kDue, at); });
}

// A timer that is moved with every message would cost more than the message: it is left to run, and
// looks at the clock when it is due.
void Lane::watch(Micros delay, Micros now) {
  watch_due_at_ = now + delay;
  watch_timer_ = Timer(wiring_, delay, [this](Micros at) { watch_due(at); });
}

// The timers of a hidden page come late as a rule; there only silence makes a connection suspect.
void Lane::watch_due(Micros now) {
  const bool late = now - watch_due_at_ > kAsleep;
  if (state_ == S::kConnecting) {
    return step(late && environment_.visible ? Event::kSuspect : Event::kDeadline, now);
  }
  const Micros left = silence_left(now);
  const bool unseen = current_->last_sign_at() < watch_due_at_;
  if (late && unseen && (environment_.visible || left <= 0)) return step(Event::kSuspect, now);
  if (left <= 0) return step(Event::kDeadline, now);
  watch(left, now);
}

void Lane::look_at_clock(Micros now) {
  switch (state_) {
    case S::kWaiting:
      if (next_attempt_at_ <= now && environment_.online) step(Event::kDue, now);
      return;
    case S::kConnecting:
      if (now - watch_due_at_ > kAsleep) step(Event::kSuspect, now);
      return;
    case S::kLive:
    case S::kProbing:
    case S::kTrial:
      if (silence_left(now) <= 0) step(Event::kSuspect, now);
      return;
    case S::kIdle:
    case S::kChecking:
    case S::kClosed:
      return;
  }
}

void Lane::time_probe(Micros delay, Event event, Micros now) {
  probe_due_at_ = now + delay;
  probe_timer_ = Timer(wiring_, delay, [this, event](Micros at) {
    // Asleep in the middle of a probe: that says nothing of the transport.
    const bool asleep = at - probe_due_at_ > kAsleep && environment_.visible;
    step(asleep && state_ != S::kChecking ? Event::kSuspect : event, at);
  });
}

void Lane::schedule_probe(Micros now) {
  probe_timer_.cancel();
  next_probe_at_.reset();
  for (std::size_t rung = 0; rung < rung_; ++rung) {
    if (!usable(rung)) continue;
    const Micros at = std::max(now, ladder_.expires(rung));
    if (!next_probe_at_ || at < *next_probe_at_) next_probe_at_ = at;
  }
  if (!next_probe_at_) return;
  probe_timer_ = Timer(wiring_, *next_probe_at_ - now, [this](Micros at) {
    // Coming online makes the lane look for itself, and then schedules the probe anew.
    if (environment_.online) step(Event::kProbeDue, at);
  });
}

Micros Lane::first_record_deadline() const {
  const Micros once = std::max(kFirstRecordFloor, kFirstRecordRoundTrips * context_.round_trip());
  return std::min(once << rounds_, std::max(once, kLongestFirstRecord));
}

// How long the running connection may still be silent before it counts as dead.
Micros Lane::silence_left(Micros now) const {
  if (const ServedInfo& way = info(running()).way(); way.polls) {
    const Micros held = way.holds ? Micros{target_.long_poll_timeout_s} * kSecond : 0;
    const Micros since = current_->awaits_answer() ? current_->requested_at() : now;
    return since + held + kHeartbeatGrace - now;
  }
  return current_->last_sign_at() + heartbeat_ + kHeartbeatGrace - now;
}

void Lane::choose(std::size_t rung, Micros now) {
  reconnection_time_ = 0;
  rung_ = rung;
  while (rung_ < ladder_.size() && !usable(rung_)) ++rung_;
  if (rung_ == ladder_.size()) rung_ = rung;
  if (rung_ == rung) return;
  const std::string lacking(name(info(ladder_[rung]).needs));
  tag_ = "no " + lacking;
  decide("This browser has no " + strong(lacking) + ". Using " + strong(info(running()).inside) +
             " instead.",
         true, now);
  track_.mark("no " + lacking + ": " + std::string(info(running()).inside), true, now);
}

void Lane::say_what_lacks(Micros now) {
  std::string lacking;
  for (std::size_t rung = 0; rung < ladder_.size(); ++rung) {
    const std::string each = strong(name(info(ladder_[rung]).needs));
    if (lacking.find(each) != std::string::npos) continue;
    lacking += (lacking.empty() ? "no " : " and no ") + each;
  }
  tag_ = "no " + std::string(name(info(running()).needs));
  decide(
      "This browser has " + lacking + ", and the lane has **nothing else to use**: it cannot run.",
      true, now);
  track_.mark(tag_, true, now);
}

std::optional<std::size_t> Lane::rung_below(Micros now) const {
  std::optional<std::size_t> failed_lately;
  for (std::size_t rung = rung_ + 1; rung < ladder_.size(); ++rung) {
    if (!usable(rung)) continue;
    if (ladder_.expires(rung) <= now) return rung;
    if (!failed_lately) failed_lately = rung;
  }
  return failed_lately;
}

std::size_t Lane::first_rung(Micros now) const {
  for (std::size_t rung = 0; rung < ladder_.size(); ++rung) {
    if (usable(rung) && ladder_.expires(rung) <= now) return rung;
  }
  return 0;
}

std::string Lane::tag_above() const {
  if (rung_ == 0) return {};
  const Feature needs = info(ladder_[rung_ - 1]).needs;
  return context_.has(needs) ? ladder_.tag(rung_ - 1) : "no " + std::string(name(needs));
}

void Lane::fall(std::string reason, std::string_view tag, Micros now) {
  useless_attempts_ = 0;
  short_lives_ = 0;
  const Micros memory = ladder_.failed(rung_, tag, now);
  if (const auto below = rung_below(now)) {
    decide(reason + ". Trying " + std::string(info(ladder_[*below]).inside) +
               place_words(" after ") + "; " + std::string(info(running()).inside) +
               " gets another chance in " + duration_text(memory) + ".",
           true, now);
    choose(*below, now);
    tag_ = tag;
    track_.mark(std::string(info(running()).inside), true, now);
    return wait(0, now);
  }
  const Micros delay = back_off_.next();
  decide(reason + ". Nothing is left to try; beginning again in " + duration_text(delay) + ".",
         true, now);
  tag_.clear();
  rounds_ = std::min(rounds_ + 1, 4);
  ladder_.begin_again();
  choose(first_rung(now), now);
  wait(delay, now);
}

void Lane::decide(std::string text, bool trouble, Micros now) {
  context_.decided(asked(), std::move(text), trouble, now);
}

}  // namespace playground::client
