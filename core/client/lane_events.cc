// What the attempts of a lane report.
#include <algorithm>
#include <utility>

#include "core/client/codec.h"
#include "core/client/lane.h"
#include "core/client/settings.h"

namespace playground::client {

using E = LaneEvent;

void Lane::attempt_requested(Attempt& attempt, Micros now) {
  observer_.on_request(attempt.transport(), runs(attempt), now);
}

void Lane::attempt_opened(Attempt& attempt, Micros now) {
  if (runs(attempt) && attempt.interrupted_at()) attempt_requested(attempt, now);
  observer_.on_open(attempt.transport(), runs(attempt), now);
  // Where nothing has to come for long, being open is all there is to wait for.
  if (!codec(spec_.codec).has_greeting() && !info(attempt.transport()).polls()) {
    step(runs(attempt) ? E::kDelivered : E::kProbeDelivered, now);
  }
}

void Lane::attempt_showed_life(Attempt& attempt, Micros now) {
  observer_.on_bytes(runs(attempt), now);
  if (runs(attempt)) step(E::kSign, now);
}

void Lane::attempt_delivered(Attempt& attempt, const Delivered& delivered, Micros now) {
  // First, since a connection that goes live is watched by it.
  if (const auto* opening = std::get_if<Opening>(&delivered)) take_opening(attempt, *opening);
  step(runs(attempt) ? E::kDelivered : E::kProbeDelivered, now);
  if (const auto* item = std::get_if<Item>(&delivered)) {
    take_item(attempt, *item, now);
  } else if (const auto* reset = std::get_if<Reset>(&delivered)) {
    take_reset(attempt, *reset, now);
  }
  if (!kOneServer) look_at_server(now);
}

void Lane::attempt_answered(Attempt& attempt, Micros now) {
  step(runs(attempt) ? E::kDelivered : E::kProbeDelivered, now);
  if (runs(attempt)) observer_.on_over(now);
}

void Lane::attempt_told_to_wait(Attempt& attempt, Micros now) {
  if (!runs(attempt) || reconnection_time_ == *attempt.reconnection_time()) return;
  reconnection_time_ = *attempt.reconnection_time();
  decide(Reason::kToldToWait, {.pause = reconnection_time_}, now);
}

void Lane::attempt_interrupted(Attempt& attempt, Micros now) {
  step(runs(attempt) ? E::kInterrupted : E::kProbeEnded, now);
}

void Lane::attempt_ended(Attempt& attempt, Micros now) {
  if (!runs(attempt)) return step(E::kProbeEnded, now);
  step(left_alone() ? E::kRefused : E::kEnded, now);
}

void Lane::take_opening(Attempt& attempt, const Opening& opening) {
  if (!kOneServer) attempt.at_server(opening.server);
  if (opening.heartbeat_s) heartbeat_ = std::max<Micros>(1, *opening.heartbeat_s) * kSecond;
  if (opening.epoch == cursor_.epoch) return;
  other_epoch_ = !cursor_.epoch.empty();
  cursor_.epoch = opening.epoch;
}

// Each poll may be answered by another server, and says nothing new then: only what has been at one
// for a while changes.
void Lane::look_at_server(Micros now) {
  if (current_ == nullptr || current_->server().empty() || current_->server() == server_) return;
  const bool first = std::exchange(server_, current_->server()).empty();
  const Micros stayed = now - std::exchange(server_since_, now);
  if (first || (info(running()).polls() && stayed < kMoment)) return;
  decide(Reason::kOtherServer, {.server = server_}, now);
}

void Lane::take_item(Attempt& attempt, const Item& item, Micros now) {
  // What is new on this connection may be here already: the other one was faster. What the same
  // connection brings again, the server has repeated.
  bool fresh = true;
  other_epoch_ = false;
  if (item.seq) {
    cursor_.offset = std::max(cursor_.offset, *item.seq);
    fresh = *item.seq > attempt.position();
    if (fresh) attempt.move_to(*item.seq);
  }
  Item seen = item;
  seen.waited_until = attempt.waited_until();
  if (observer_.on_item(seen, fresh, now)) ++overlap_;
}

void Lane::take_reset(Attempt& attempt, const Reset& reset, Micros now) {
  const std::uint64_t before_first = std::max<std::uint64_t>(1, reset.first) - 1;
  const std::uint64_t position = attempt.position();
  attempt.move_to(before_first);
  Parameters what{.transport = attempt.transport(), .last = before_first};
  // Another epoch; or, where none is given, a log that has gone back, which no log does.
  const bool anew =
      std::exchange(other_epoch_, false) || reset.last < position || before_first < position;
  if (anew) {
    ++epoch_;
    observer_.on_numbered_anew();
    what.after = position;
    what.first = 1;
    what.count = before_first;
  } else if (before_first > cursor_.offset) {
    what.first = cursor_.offset + 1;
    what.count = before_first - cursor_.offset;
    what.kept_first = reset.first;
    what.kept_last = reset.last;
  } else {
    return;
  }
  cursor_.offset = before_first;
  observer_.on_skipped(before_first);
  decide(anew ? Reason::kNumberedAnew : Reason::kGap, std::move(what), now);
}

}  // namespace playground::client
