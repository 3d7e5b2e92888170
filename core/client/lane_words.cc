// What a lane says of itself.
#include <algorithm>

#include "core/client/lane.h"
#include "core/client/words.h"

namespace playground::client {

std::optional<TransportId> Lane::probing() const {
  if (state_ != LaneState::kProbing && state_ != LaneState::kTrial) return std::nullopt;
  return beside_->transport();
}

std::string Lane::title() const {
  std::string title(info(asked()).title);
  if (running() != asked()) title += " → " + std::string(info(running()).inside);
  return title;
}

std::string Lane::state_text(Micros now) const {
  switch (state_) {
    case LaneState::kIdle:
      return "stopped";
    case LaneState::kWaiting:
      if (!environment_.online) return "offline, waiting";
      return "next try in " + duration_text(std::max<Micros>(0, next_attempt_at_ - now));
    case LaneState::kClosed:
      return usable(rung_) ? "readyState 2 CLOSED" : "cannot run in this browser";
    case LaneState::kChecking:
      return connection_words(now) + " · suspect";
    case LaneState::kProbing:
    case LaneState::kTrial:
      return connection_words(now) + " · trying " + std::string(info(beside_->transport()).inside);
    case LaneState::kConnecting:
    case LaneState::kLive:
      return connection_words(now);
  }
  return {};
}

std::string Lane::connection_words(Micros now) const {
  const Micros silence = now - current_->last_sign_at();
  const TransportInfo& transport = info(running());
  if (transport.holds()) return "held " + duration_text(now - current_->requested_at());
  if (transport.polls()) {
    return "every " + duration_text(target_.short_poll_interval) + (open() ? " · status 200" : "");
  }
  if (transport.ready_state) {
    if (open()) return "readyState 1 OPEN";
    const auto since = current_->interrupted_at();
    return "readyState 0 CONNECTING" + (since ? " for " + duration_text(now - *since) : "");
  }
  if (!open()) return "waiting for the response";
  if (silence > view::Track::kQuiet) return "open, silent for " + duration_text(silence);
  return "open, status 200";
}

// "`before` message 7", or nothing where there is none yet.
std::string Lane::place_words(std::string_view before) const {
  return cursor_ > 0 ? std::string(before) + messages_text(cursor_, cursor_) : std::string();
}

}  // namespace playground::client
