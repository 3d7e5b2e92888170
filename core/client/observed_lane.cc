#include "core/client/observed_lane.h"

#include <utility>

#include "core/client/decision_words.h"

namespace playground::client {

ObservedLane::ObservedLane(const std::vector<TransportId>& ladder, Dispatcher& dispatcher,
                           LaneContext& context, LaneNews& news, std::uint64_t seed)
    : news_(news),
      lane_(ladder, dispatcher, context, *this, seed),
      uplink_(dispatcher, [this](std::string_view text) { return say(text); }) {}

void ObservedLane::start(const FeedSpec& spec, const Uplink::Plan& plan, Micros now) {
  started_at_ = now;
  lane_.start(spec, now);
  uplink_.start(spec.endpoint, plan);
}

void ObservedLane::start_over(const FeedSpec& spec, const Uplink::Plan& plan, Micros now) {
  uplink_.stop();
  ledger_.begin_epoch();
  lane_.start_over(spec, now);
  uplink_.start(spec.endpoint, plan);
}

void ObservedLane::stop(Micros now) {
  uplink_.stop();
  lane_.stop(now);
}

Uplink::Sending ObservedLane::say(std::string_view text) {
  if (!info(lane_.running()).two_way()) return Uplink::Sending::kOneWay;
  return lane_.send(text) ? Uplink::Sending::kSent : Uplink::Sending::kNotOpen;
}

void ObservedLane::on_request(TransportId transport, bool runs, Micros now) {
  ++requests_;
  news_.wire_used();
  if (runs) track_.begin_span(transport, now);
}

void ObservedLane::on_bytes(bool runs, Micros now) {
  news_.wire_used();
  if (runs) track_.bytes(now);
}

void ObservedLane::on_open(Micros now) {
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
  const std::uint64_t seq = item.seq.value_or(ledger_.highest() + 1);
  const Micros sent = item.sent_us ? *item.sent_us - news_.server_offset() : now;
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
  track_.arrival(seq, sent, now);
  if (const auto said = uplink_.heard(item.data, now)) track_.said(*said, sent, now);
  return false;
}

void ObservedLane::on_decision(Decision decision) {
  for (std::string& each : labels(decision)) {
    track_.mark(std::move(each), info(decision.reason).trouble, decision.at);
  }
  news_.decided(std::move(decision));
}

}  // namespace playground::client
