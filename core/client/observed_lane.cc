#include "core/client/observed_lane.h"

#include <algorithm>
#include <utility>

#include "core/client/decision_words.h"

namespace playground::client {
namespace {

// The first may have been asked for before the failure.
constexpr int kReadingsToWait = 2;
// How long a request that only looks for a connection is given.
constexpr Micros kLooksFor = 2 * kSecond;

std::size_t place(TransportId transport) {
  return static_cast<std::size_t>(info(transport).served);
}

}  // namespace

ObservedLane::ObservedLane(const std::vector<TransportId>& ladder, Dispatcher& dispatcher,
                           LaneContext& context, LaneNews& news, std::uint64_t seed)
    : dispatcher_(dispatcher),
      context_(context),
      news_(news),
      lane_(ladder, dispatcher, context, *this, seed),
      uplink_(dispatcher, [this](std::string_view text) { return say(text); }),
      pulse_(dispatcher) {}

void ObservedLane::start(const FeedSpec& spec, const Uplink::Plan& plan, Micros now) {
  started_at_ = now;
  lane_.start(spec, now);
  uplink_.start(spec.endpoint, plan);
}

void ObservedLane::start_over(const FeedSpec& spec, const Uplink::Plan& plan, Micros now) {
  uplink_.stop();
  ledger_.begin_epoch();
  wire_.begin_epoch();
  asked_ = explained_asked_ = {};
  arrived_ = explained_ = {};
  in_question_.reset();
  looking_.cancel();
  lane_.start_over(spec, now);
  uplink_.start(spec.endpoint, plan);
}

void ObservedLane::stop(Micros now) {
  uplink_.stop();
  pulse_.stop();
  looking_.cancel();
  lane_.stop(now);
}

Uplink::Sending ObservedLane::say(std::string_view text) {
  if (!info(lane_.running()).two_way()) return Uplink::Sending::kOneWay;
  return lane_.send(text) ? Uplink::Sending::kSent : Uplink::Sending::kNotOpen;
}

void ObservedLane::on_request(TransportId transport, bool runs, Micros now) {
  ++requests_;
  ++asked_[place(transport)].requests;
  news_.wire_used();
  if (!runs) return;
  track_.begin_span(transport, now);
  arrivals_.begin_anew();
  pulse_.stop();
  path_trouble_.reset();
}

void ObservedLane::on_bytes(bool runs, Micros now) {
  news_.wire_used();
  if (runs) track_.bytes(now);
}

void ObservedLane::on_open(TransportId transport, bool runs, Micros now) {
  ++asked_[place(transport)].opened;
  if (!runs) return;
  track_.span_opened(now);
  uplink_.flush();
}

void ObservedLane::on_taken_over(TransportId transport, bool open, Micros now) {
  track_.begin_span(transport, now);
  if (open) track_.span_opened(now);
  uplink_.flush();
}

// What has no number is counted in the order in which it comes; what has no time counts as sent
// just now, and has no delay.
bool ObservedLane::on_item(const Item& item, bool fresh, Micros now) {
  news_.item_came(item, now);
  if (news_.foreign()) {
    // Between numbers, what has none counts for nothing.
    if (!item.seq && lane_.endpoint().number_at) return false;
    if (item.seq && ledger_.highest() == 0) ledger_.begin_after(*item.seq - 1);
  }
  const std::uint64_t seq = item.seq.value_or(ledger_.highest() + 1);
  Micros sent = item.sent_us ? *item.sent_us - news_.server_offset() : now;
  if (news_.foreign()) sent = std::min(sent, now);
  if (item.seq && item.sent_us) news_.message_seen(lane_.epoch(), seq, sent);
  if (fresh && ledger_.has(seq)) {
    ++overlap_;
    return true;
  }
  if (ledger_.record(seq) == measure::Arrival::kDuplicate) return false;
  if (!first_message_after_) first_message_after_ = now - started_at_;
  // What could not be asked for yet is no transport's delay.
  const bool held_up = item.waited_until && sent < *item.waited_until;
  if (item.sent_us && !held_up) delay_us_.record(now - sent);
  if (item.sent_us && !news_.foreign()) look_at_arrivals(sent, now);
  track_.arrival(seq, sent, now);
  if (const auto said = uplink_.heard(item.data, now)) track_.said(*said, sent, now);
  return false;
}

// Polls come when they are asked for; what resumes brings what was sent long before.
void ObservedLane::look_at_arrivals(Micros sent, Micros now) {
  if (info(lane_.running()).polls()) return;
  using measure::ArrivalPattern;
  const Micros path = context_.round_trip() / 2;
  const Micros late = now - sent - path;
  if (late >= ArrivalPattern::kLeastHeldUs) pulse_.look(now);
  // Where this thread was held up for half as long, the path need not have been.
  if (2 * pulse_.late(sent + path, now) >= std::max(late, ArrivalPattern::kLeastHeldUs)) return;
  const auto finding = arrivals_.arrived(sent, now, path);
  if (!finding) return;
  using Kind = ArrivalPattern::Kind;
  const Reason reason = finding->kind == Kind::kHeld    ? Reason::kHeldWrites
                        : finding->kind == Kind::kLumps ? Reason::kLumps
                                                        : Reason::kWritesOneBehind;
  if (std::exchange(path_trouble_, reason) == reason) return;
  on_decision({.at = now,
               .lane = lane_.asked(),
               .reason = reason,
               .parameters = {.transport = lane_.running(),
                              .duration = finding->duration_us,
                              .count = finding->count}});
}

void ObservedLane::wire_counted(const measure::WireCount& count) {
  wire_.read(count, ledger_.delivered());
  arrived_ = count;
}

void ObservedLane::wire_read(Micros now) {
  wire_.read_again(ledger_.delivered());
  find_out(now);
}

void ObservedLane::find_out(Micros now) {
  if (!in_question_ || --in_question_->readings_to_wait > 0) return;
  const Failure failure = *std::exchange(in_question_, std::nullopt);
  const std::size_t at = place(failure.transport);
  const std::uint64_t requests = failure.requests - explained_asked_[at].requests;
  const std::uint64_t opened = asked_[at].opened - explained_asked_[at].opened;
  const std::uint64_t arrived = arrived_.arrived[at] - explained_.arrived[at];
  const std::uint64_t upgraded = arrived_.upgraded - explained_.upgraded;
  const bool upgrades = info(failure.transport).upgrades();
  Cause cause = Cause::kNone;
  if (arrived < requests) {
    cause = Cause::kStopped;
  } else if (upgrades && arrived_.not_upgraded > explained_.not_upgraded) {
    cause = Cause::kNotUpgraded;
  } else if (upgrades && upgraded > opened) {
    cause = Cause::kSwallowed;
  } else if (failure.cause == Cause::kNoAnswer) {
    cause = Cause::kHeldBack;
  }
  // What has been asked for since is not in question yet.
  explained_.arrived[at] += std::min(arrived, requests);
  explained_asked_[at].requests = failure.requests;
  if (upgrades) {
    explained_.not_upgraded = arrived_.not_upgraded;
    explained_.upgraded = arrived_.upgraded;
    explained_asked_[at].opened = asked_[at].opened;
  }
  const bool may_wait = cause == Cause::kStopped && failure.cause == Cause::kNoAnswer && !upgrades;
  if (may_wait) return look_for_connection(failure.transport, false);
  if (cause != Cause::kNone) lane_.found_out(failure.transport, cause, now);
}

// What waits in the browser waits whatever it asks for, unless it has a connection of its own.
void ObservedLane::look_for_connection(TransportId transport, bool apart) {
  Request request;
  request.url = lane_.endpoint().http + "/wire";
  request.opaque = request.apart = apart;
  const auto take = [this, transport, apart](const Reply& reply, Micros now) {
    if (!apart && reply.outcome == Reply::Outcome::kTimedOut) {
      return look_for_connection(transport, true);
    }
    const bool waits = apart && reply.answered();
    lane_.found_out(transport, waits ? Cause::kNoConnectionLeft : Cause::kStopped, now);
  };
  looking_ = Question(dispatcher_, request, kLooksFor, take);
}

void ObservedLane::on_decision(Decision decision) {
  // Of a status the reader has been told; of all else the server may know more.
  const Parameters& what = decision.parameters;
  const bool gave_up =
      decision.reason == Reason::kFellBack || decision.reason == Reason::kNothingLeft;
  const bool unexplained = what.cause == Cause::kNoAnswer ||
                           (what.cause == Cause::kRefused && what.end->cause == EndCause::kNetwork);
  // One after the other: what fails again and again is asked about again.
  if (gave_up && unexplained && !in_question_ && !looking_) {
    in_question_ = {*what.transport, what.cause, asked_[place(*what.transport)].requests,
                    kReadingsToWait};
  }
  std::string label;  // "silent 2.0 s → long polling"
  for (const std::string& each : labels(decision)) {
    label.append(label.empty() ? "" : " → ").append(each);
  }
  if (!label.empty()) track_.mark(std::move(label), info(decision.reason).trouble, decision.at);
  news_.decided(std::move(decision));
}

}  // namespace playground::client
