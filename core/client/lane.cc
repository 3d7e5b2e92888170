// What a lane does: one action for each step of its table (lane_table.cc). What its attempts report
// is in lane_events.cc.
#include "core/client/lane.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/client/codec.h"

namespace playground::client {

using S = LaneState;
using E = LaneEvent;

namespace {

constexpr Micros kForEver = std::numeric_limits<Micros>::max() / 2;

bool has_ended(const Attempt& attempt) { return !attempt.end().detail.empty(); }

}  // namespace

Lane::Lane(const std::vector<TransportId>& ladder, Dispatcher& dispatcher, LaneContext& context,
           LaneObserver& observer, std::uint64_t seed)
    : ladder_(ladder, seed),
      dispatcher_(dispatcher),
      context_(context),
      observer_(observer),
      back_off_(seed) {}

void Lane::start(const FeedSpec& spec, Micros now) {
  spec_ = spec;
  started_at_ = now;
  choose(0, now);
  step(usable(rung_) ? E::kStart : E::kUnusable, now);
}

void Lane::start_over(const FeedSpec& spec, Micros now) {
  stop(now);
  current_.reset();
  spec_ = spec;
  cursor_ = {};
  other_epoch_ = false;
  epoch_ = 0;
  useless_attempts_ = 0;
  rounds_ = 0;
  short_lives_ = 0;
  back_off_.succeeded();
  step(usable(rung_) ? E::kStart : E::kUnusable, now);
}

void Lane::stop(Micros now) { step(E::kStop, now); }

void Lane::found_out(TransportId transport, Cause cause, Micros now) {
  for (std::size_t rung = 0; rung < ladder_.size(); ++rung) {
    if (ladder_[rung] == transport) ladder_.blame(rung, cause);
  }
  if (tag_.cause != Cause::kNone) tag_ = tag_above();
  decide(Reason::kFoundOut, {.transport = transport, .cause = cause}, now);
}

bool Lane::send(std::string_view text) {
  if (!open()) return false;
  current_->send(text);
  return true;
}

void Lane::environment(const Environment& environment, Micros now) {
  const bool was_online = std::exchange(environment_, environment).online;
  if (left_alone()) return;
  if (was_online != environment.online) {
    return step(environment.online ? E::kOnline : E::kOffline, now);
  }
  look_at_clock(now);
}

std::optional<TransportId> Lane::probing() const {
  if (state_ != S::kProbing && state_ != S::kTrial) return std::nullopt;
  return beside_->transport();
}

// Actions: the running transport

void Lane::begin_attempt(Micros now) {
  wait_timer_.cancel();
  watch(first_record_deadline(), now);
  begin(current_, rung_, now);
}

void Lane::begin_again(Micros now) {
  close(now);
  decide(Reason::kClockJumped, {}, now);
  begin_attempt(now);
}

void Lane::begin_at_once(Micros now) {
  decide(Reason::kTriedAtOnce, {}, now);
  back_off_.succeeded();
  begin_attempt(now);
}

void Lane::went_live(Micros now) {
  decide(ever_live_ ? Reason::kBack : Reason::kDelivers,
         {.duration = now - (ever_live_ ? last_sign_at_ : started_at_)}, now);
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
  const End end = current_->end();
  close(now);
  context_.lane_failed(now);
  if (!environment_.online) return wait(0, now);
  if (++useless_attempts_ == 1) useless_since_ = now;
  // Nor is a transport to blame for how much is asked over it (RFC 6585 4).
  if (useless_attempts_ >= kUselessAttempts && end.status != 429 &&
      (opened || context_.server_answered_since(useless_since_))) {
    return fall({.cause = opened ? Cause::kEndsUnheard : Cause::kRefused, .end = end}, now);
  }
  const Micros delay = pause_after(end);
  // The first failure is worth a sentence; the rest of a long row is not.
  if (useless_attempts_ == 1) decide(Reason::kCouldNotConnect, {.end = end, .pause = delay}, now);
  wait(delay, now);
}

void Lane::deadline_passed(Micros now) {
  const bool opened = current_->opened();
  const Micros silence = now - current_->requested_at();
  close(now);
  context_.lane_failed(now);
  if (opened) return fall({.cause = Cause::kBuffered, .duration = silence}, now);
  if (context_.server_answered_since(now - silence)) {
    return fall({.cause = Cause::kNoAnswer, .duration = silence}, now);
  }
  climb(silence, now);
  const Micros delay = back_off_.next();
  if (!codec(spec_.codec).has_greeting()) {
    End end{.cause = EndCause::kNetwork, .detail = "no answer in time"};
    decide(Reason::kCouldNotConnect, {.end = std::move(end), .pause = delay}, now);
  }
  wait(delay, now);
}

// Ordinary requests get no answer either, so no transport is to blame. But perhaps only they find
// no way: a browser has few connections to a server, and its WebSockets do not count among them.
void Lane::climb(Micros silence, Micros now) {
  const std::size_t rung = first_rung(now);
  if (rung >= rung_ || !usable(rung) || ladder_.expires(rung) > now) return;
  decide(Reason::kClimbs, {.other = ladder_[rung], .duration = silence}, now);
  choose(rung, now);
  tag_ = tag_above();
}

void Lane::look_at_silence(Micros now) {
  const Micros since =
      info(running()).polls() ? current_->requested_at() : current_->last_sign_at();
  const Micros silence = now - since;
  const Micros apart = std::max(silence, cut_after_) - std::min(silence, cut_after_);
  const bool alike = silence >= kShortSilence && apart <= std::max(cut_after_ / 20, kSecond / 5);
  cuts_alike_ = alike ? cuts_alike_ + 1 : 1;
  if (!alike) cut_after_ = silence;
  if (cuts_alike_ != kCutsAlike) return;
  decide(Reason::kCutWhenSilent,
         {.duration = silence, .count = static_cast<std::uint64_t>(cuts_alike_)}, now);
}

void Lane::connection_lost(Micros now) {
  look_at_silence(now);
  const End end = current_->end();
  const Micros lived = now - live_since_;
  close(now);
  context_.lane_failed(now);
  observer_.on_reconnect();
  if (!environment_.online) {
    decide(Reason::kLostOffline, {.end = end}, now);
    return wait(0, now);
  }
  if (lived >= kMoment) {
    short_lives_ = 0;
    back_off_.succeeded();
    ladder_.proved(rung_);
  } else if (end.status != 429) {
    if (on_probation_ && context_.server_answered_since(0)) {
      return fall({.cause = Cause::kDoesNotHold, .end = end, .duration = lived}, now);
    }
    if (++short_lives_ == 1) short_lives_since_ = now;
    if (short_lives_ >= kUselessAttempts && context_.server_answered_since(short_lives_since_)) {
      return fall({.cause = Cause::kEndsSoon, .end = end, .duration = kMoment}, now);
    }
  }
  const Micros delay = pause_after(end);
  decide(Reason::kLost, {.end = end, .pause = delay}, now);
  wait(delay, now);
}

void Lane::went_silent(Micros now) {
  const Micros since =
      info(running()).polls() ? current_->requested_at() : current_->last_sign_at();
  close(now);
  context_.lane_failed(now);
  short_lives_ = 0;
  back_off_.succeeded();
  decide(Reason::kSilent, {.duration = now - since}, now);
  observer_.on_reconnect();
  wait(0, now);
}

void Lane::pause(Micros now) {
  close(now);
  decide(Reason::kWaitsOffline, {}, now);
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
  observer_.on_over(now);
  if (current_ != nullptr && current_->heard_of()) {
    last_sign_at_ = std::max(last_sign_at_, current_->last_sign_at());
  }
}

// Actions: the browser's own reconnection

void Lane::browser_retries(Micros now) {
  if (ever_live_) look_at_silence(now);
  last_sign_at_ = now;
  if (beside_ != nullptr) beside_->stop();
  watch_timer_.cancel();
  probe_timer_.cancel();
  next_probe_at_.reset();
  observer_.on_over(now);
  context_.lane_failed(now);
  if (ever_live_) observer_.on_reconnect();
  decide(ever_live_ ? Reason::kBrowserReconnects : Reason::kBrowserConnects, {}, now);
}

void Lane::browser_gave_up(Micros now) {
  const End end = current_->end();
  close(now);
  context_.lane_failed(now);
  decide(Reason::kBrowserGaveUp, {.end = end}, now);
}

// Actions: another attempt beside the running one

void Lane::begin_beside(std::size_t rung, Micros now) {
  if (beside_ != nullptr) beside_->stop();
  overlap_ = 0;
  next_probe_at_.reset();
  time_probe(first_record_deadline(), E::kProbeDeadline, now);
  begin(beside_, rung, now);
}

void Lane::begin_probe(Micros now) {
  // A browser's timer may come a little early by the browser's own clock.
  const Micros due = std::max(now, next_probe_at_.value_or(now));
  std::size_t rung = 0;
  while (!usable(rung) || ladder_.expires(rung) > due) ++rung;
  decide(Reason::kProbes, {.other = ladder_[rung]}, now);
  begin_beside(rung, now);
}

void Lane::begin_trial(Micros now) { time_probe(kTrialTime, E::kProbeHeld, now); }

void Lane::hand_over(Micros now) {
  Parameters how{.other = running()};
  swap_attempts(now);
  tag_ = tag_above();
  on_probation_ = true;
  useless_attempts_ = 0;
  short_lives_ = 0;
  reconnection_time_ = current_->reconnection_time().value_or(0);
  if (has_ended(*beside_)) how.end = beside_->end();
  how.count = overlap_;
  decide(Reason::kTookOver, std::move(how), now);
}

void Lane::probe_failed(Micros now) {
  const Attempt& probe = *beside_;
  Parameters how{.other = probe.transport()};
  if (has_ended(probe)) {
    how.cause = probe.opened() ? Cause::kEndsUnheard : Cause::kRefused;
    how.end = probe.end();
  } else {
    how.cause = probe.opened() ? Cause::kBuffered : Cause::kNoAnswer;
  }
  beside_->stop();
  how.pause = ladder_.failed(probe.rung(), ladder_.cause(probe.rung()), now);
  decide(Reason::kStillFails, std::move(how), now);
  schedule_probe(now);
}

void Lane::leave_probe(Micros now) {
  beside_->stop();
  watch(std::max<Micros>(0, silence_left(now)), now);
  schedule_probe(now);
}

void Lane::begin_check(Micros now) {
  watch_timer_.cancel();
  decide(Reason::kSuspect, {.duration = now - current_->last_sign_at()}, now);
  begin_beside(rung_, now);
}

void Lane::check_passed(Micros now) {
  decide(Reason::kShowsLife, {}, now);
  leave_probe(now);
}

void Lane::renew(Micros now) {
  const Micros silence = now - current_->last_sign_at();
  swap_attempts(now);
  observer_.on_reconnect();
  decide(Reason::kRenewed, {.duration = silence}, now);
}

// Parts of actions

void Lane::begin(std::unique_ptr<Attempt>& attempt, std::size_t rung, Micros now) {
  keep_place();
  AttemptEvents& events = *this;
  attempt = std::make_unique<Attempt>(rung, events);
  spec_.transport = ladder_[rung];
  if (&attempt == &current_) told_of_waiting_ = false;
  attempt->start(spec_, cursor_, dispatcher_, now);
}

// What is numbered is kept as it comes (take_item).
void Lane::keep_place() {
  if (current_ != nullptr) cursor_.last_event_id = current_->last_event_id();
}

void Lane::swap_attempts(Micros now) {
  last_sign_at_ = std::max(last_sign_at_, current_->last_sign_at());
  std::swap(current_, beside_);
  beside_->stop();
  rung_ = current_->rung();
  observer_.on_taken_over(current_->transport(), current_->opened(), now);
  live_since_ = now;
  watch(silence_left(now), now);
  schedule_probe(now);
}

// What the server asks for counts, if it is more.
Micros Lane::pause_after(const End& end) {
  return std::max(reconnection_time_ + back_off_.next(), end.retry_after);
}

void Lane::wait(Micros delay, Micros now) {
  next_attempt_at_ = now + delay;
  if (!environment_.online) return;  // kOnline ends it
  wait_timer_ = Timer(dispatcher_, delay, [this](Micros at) { step(E::kDue, at); });
}

// Moving a timer with every message would cost more than the message: it is left to run, and looks
// at the clock when it is due.
void Lane::watch(Micros delay, Micros now) {
  watch_timer_.cancel();
  watch_due_at_ = now + delay;
  if (left_alone() || delay == kForEver) return;
  watch_timer_ = Timer(dispatcher_, delay, [this](Micros at) { watch_due(at); });
}

// The timers of a hidden page usually come late; there only silence makes a connection suspect.
void Lane::watch_due(Micros now) {
  const bool late = now - watch_due_at_ > kAsleep;
  if (state_ == S::kConnecting) {
    const Micros left = current_->requested_at() + first_record_deadline() - now;
    if (current_->waits()) return wait_for_connection(now);
    if (current_->waited_until() && left > 0) return watch(left, now);
    return step(late && environment_.visible ? E::kSuspect : E::kDeadline, now);
  }
  if (current_->waits()) return wait_for_connection(now);
  const Micros left = silence_left(now);
  const bool unseen = current_->last_sign_at() < watch_due_at_;
  if (late && unseen && (environment_.visible || left <= 0)) return step(E::kSuspect, now);
  if (left <= 0) return step(E::kDeadline, now);
  watch(left, now);
}

// The browser has not sent the request: that says nothing about the transport or the server.
void Lane::wait_for_connection(Micros now) {
  if (!std::exchange(told_of_waiting_, true)) {
    decide(Reason::kWaitsForConnection, {.duration = now - current_->requested_at()}, now);
  }
  watch(first_record_deadline(), now);
}

void Lane::look_at_clock(Micros now) {
  switch (state_) {
    case S::kWaiting:
      if (next_attempt_at_ <= now && environment_.online) step(E::kDue, now);
      return;
    case S::kConnecting:
      if (now - watch_due_at_ > kAsleep) step(E::kSuspect, now);
      return;
    case S::kLive:
    case S::kProbing:
    case S::kTrial:
      if (!current_->waits() && silence_left(now) <= 0) step(E::kSuspect, now);
      return;
    case S::kIdle:
    case S::kChecking:
    case S::kClosed:
      return;
  }
}

void Lane::time_probe(Micros delay, E event, Micros now) {
  probe_due_at_ = now + delay;
  probe_timer_ = Timer(dispatcher_, delay, [this, event](Micros at) {
    // Asleep in the middle of a probe: that says nothing about the transport.
    const bool asleep = at - probe_due_at_ > kAsleep && environment_.visible;
    step(asleep && state_ != S::kChecking ? E::kSuspect : event, at);
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
  probe_timer_ = Timer(dispatcher_, *next_probe_at_ - now, [this](Micros at) {
    // Coming online makes the lane look for itself, and then schedules the probe anew.
    if (environment_.online) step(E::kProbeDue, at);
  });
}

Micros Lane::first_record_deadline() const {
  if (!codec(spec_.codec).has_greeting()) {
    return info(running()).polls() ? kPlainAnswer : kPlainOpening;
  }
  const Micros once = std::max(kFirstRecordFloor, kFirstRecordRoundTrips * context_.round_trip());
  return std::min(once << rounds_, std::max(once, kLongestFirstRecord));
}

// How long the running connection may still be silent before it counts as dead.
Micros Lane::silence_left(Micros now) const {
  if (const TransportInfo& transport = info(running()); transport.polls()) {
    const Micros held =
        transport.holds() ? Micros{spec_.endpoint.long_poll_timeout_s} * kSecond : 0;
    const Micros grace = codec(spec_.codec).has_greeting() ? held + kHeartbeatGrace : kPlainAnswer;
    const Micros since = current_->awaits_answer() ? current_->requested_at() : now;
    return since + grace - now;
  }
  // A stream that has not said how long it may be silent may stay so for ever.
  if (!codec(spec_.codec).has_greeting()) return kForEver;
  return current_->last_sign_at() + heartbeat_ + kHeartbeatGrace - now;
}

void Lane::choose(std::size_t rung, Micros now) {
  reconnection_time_ = 0;
  rung_ = rung;
  while (rung_ < ladder_.size() && !usable(rung_)) ++rung_;
  if (rung_ == ladder_.size()) rung_ = rung;
  if (rung_ == rung) return;
  tag_ = {Cause::kLacks, info(ladder_[rung]).needs};
  decide(Reason::kLacks, {.other = running(), .lacking = {tag_.lacking}}, now);
}

void Lane::say_what_lacks(Micros now) {
  std::vector<Feature> lacking;
  for (std::size_t rung = 0; rung < ladder_.size(); ++rung) {
    const Feature needs = info(ladder_[rung]).needs;
    if (std::find(lacking.begin(), lacking.end(), needs) == lacking.end()) lacking.push_back(needs);
  }
  tag_ = {Cause::kLacks, lacking.front()};
  decide(Reason::kNothingToUse, {.lacking = std::move(lacking)}, now);
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

Tag Lane::tag_above() const {
  for (std::size_t rung = 0; rung < rung_; ++rung) {
    const Feature needs = info(ladder_[rung]).needs;
    if (!context_.has(needs)) return {Cause::kLacks, needs};
    if (ladder_.cause(rung) != Cause::kNone) return {ladder_.cause(rung)};
  }
  return {};
}

void Lane::fall(Parameters why, Micros now) {
  useless_attempts_ = 0;
  short_lives_ = 0;
  const Micros memory = ladder_.failed(rung_, why.cause, now);
  if (const auto below = rung_below(now)) {
    why.other = ladder_[*below];
    why.pause = memory;
    decide(Reason::kFellBack, std::move(why), now);
    choose(*below, now);
    tag_ = tag_above();
    back_off_.succeeded();  // what another transport has failed at is none of this one's
    return wait(0, now);
  }
  const Micros delay = back_off_.next();
  why.pause = delay;
  decide(Reason::kNothingLeft, std::move(why), now);
  rounds_ = std::min(rounds_ + 1, 4);
  ladder_.begin_again();
  choose(first_rung(now), now);
  tag_ = tag_above();
  wait(delay, now);
}

void Lane::decide(Reason reason, Parameters parameters, Micros now) {
  if (!parameters.transport) parameters.transport = running();
  if (parameters.after == 0) parameters.after = cursor_.offset;
  parameters.endpoint = spec_.endpoint.name;
  observer_.on_decision(
      {.at = now, .lane = asked(), .reason = reason, .parameters = std::move(parameters)});
}

}  // namespace playground::client
