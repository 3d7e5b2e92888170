#include "core/client/observed_lane.h"

#include <utility>

#include "core/client/decision_words.h"

namespace playground::client {

ObservedLane::ObservedLane(const std::vector<TransportId>& ladder, Wiring& wiring,
                           LaneContext& context, LaneNews& news, std::uint64_t seed)
    : news_(news),
      lane_(ladder, wiring, context, *this, seed),
      way_back_(wiring, [this](std::string_view text) { return say(text); }) {}

void ObservedLane::start(const Target& target, Micros now) {
  started_at_ = now;
  lane_.start(target, now);
  way_back_.start(target);
}

void ObservedLane::start_over(const Target& target, Micros now) {
  way_back_.stop();
  ledger_.begin_epoch();
  lane_.start_over(target, now);
  way_back_.start(target);
}

void ObservedLane::stop(Micros now) {
  way_back_.stop();
  lane_.stop(now);
}

WayBack::Sending ObservedLane::say(std::string_view text) {
  if (!info(lane_.running()).two_way()) return WayBack::Sending::kOneWay;
  return lane_.send(text) ? WayBack::Sending::kSent : WayBack::Sending::kNotOpen;
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
  way_back_.flush();
}

void ObservedLane::on_taken_over(TransportId transport, bool open, Micros now) {
  track_.begin_span(transport, now);
  if (open) track_.span_opened(now);
  way_back_.flush();
}

bool ObservedLane::on_message(const Message& message, bool fresh, Micros now) {
  const Micros sent = message.sent_us - news_.server_offset();
  news_.message_seen(lane_.epoch(), message.seq, sent);
  if (fresh && ledger_.has(message.seq)) {
    ++overlap_;
    return true;
  }
  if (ledger_.record(message.seq) == measure::Arrival::kDuplicate) return false;
  if (!first_message_after_) first_message_after_ = now - started_at_;
  delay_us_.record(now - sent);
  track_.arrival(message.seq, sent, now);
  if (const auto said = way_back_.heard(message.payload, now)) track_.said(*said, sent, now);
  return false;
}

void ObservedLane::on_decision(Decision decision) {
  for (std::string& each : labels(decision)) {
    track_.mark(std::move(each), info(decision.reason).trouble, decision.at);
  }
  news_.decided(std::move(decision));
}

}  // namespace playground::client
