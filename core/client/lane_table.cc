// Every step a lane can take. Each pair of state and event has a row, does not concern the lane, or
// cannot happen.
#include <array>
#include <iterator>
#include <utility>

#include "core/client/lane.h"

namespace playground::client {

using S = LaneState;
using E = LaneEvent;

struct Lane::Table {
  struct Row {
    S from;
    E event;
    S to;
    void (Lane::*action)(Micros now);
  };
  static constexpr Row kRows[] = {
      {S::kIdle, E::kStart, S::kConnecting, &Lane::begin_attempt},
      {S::kIdle, E::kUnusable, S::kClosed, &Lane::say_what_lacks},

      {S::kConnecting, E::kDelivered, S::kLive, &Lane::went_live},
      {S::kConnecting, E::kEnded, S::kWaiting, &Lane::attempt_failed},
      {S::kConnecting, E::kDeadline, S::kWaiting, &Lane::deadline_passed},
      {S::kConnecting, E::kSuspect, S::kConnecting, &Lane::begin_again},
      {S::kConnecting, E::kOffline, S::kWaiting, &Lane::pause},
      {S::kConnecting, E::kInterrupted, S::kConnecting, &Lane::browser_retries},
      {S::kConnecting, E::kRefused, S::kClosed, &Lane::browser_gave_up},
      {S::kConnecting, E::kStop, S::kIdle, &Lane::close},

      {S::kLive, E::kEnded, S::kWaiting, &Lane::connection_lost},
      {S::kLive, E::kDeadline, S::kWaiting, &Lane::went_silent},
      {S::kLive, E::kSuspect, S::kChecking, &Lane::begin_check},
      {S::kLive, E::kOnline, S::kChecking, &Lane::begin_check},
      {S::kLive, E::kProbeDue, S::kProbing, &Lane::begin_probe},
      {S::kLive, E::kInterrupted, S::kConnecting, &Lane::browser_retries},
      {S::kLive, E::kRefused, S::kClosed, &Lane::browser_gave_up},
      {S::kLive, E::kStop, S::kIdle, &Lane::close},

      {S::kProbing, E::kProbeDelivered, S::kTrial, &Lane::begin_trial},
      {S::kProbing, E::kProbeEnded, S::kLive, &Lane::probe_failed},
      {S::kProbing, E::kProbeDeadline, S::kLive, &Lane::probe_failed},
      {S::kProbing, E::kEnded, S::kWaiting, &Lane::connection_lost},
      {S::kProbing, E::kDeadline, S::kWaiting, &Lane::went_silent},
      {S::kProbing, E::kSuspect, S::kChecking, &Lane::begin_check},
      {S::kProbing, E::kInterrupted, S::kConnecting, &Lane::browser_retries},
      {S::kProbing, E::kRefused, S::kClosed, &Lane::browser_gave_up},
      {S::kProbing, E::kOffline, S::kLive, &Lane::leave_probe},
      {S::kProbing, E::kStop, S::kIdle, &Lane::close},

      {S::kTrial, E::kProbeHeld, S::kLive, &Lane::hand_over},
      {S::kTrial, E::kProbeEnded, S::kLive, &Lane::probe_failed},
      {S::kTrial, E::kEnded, S::kLive, &Lane::hand_over},
      {S::kTrial, E::kDeadline, S::kLive, &Lane::hand_over},
      {S::kTrial, E::kInterrupted, S::kLive, &Lane::hand_over},
      {S::kTrial, E::kRefused, S::kLive, &Lane::hand_over},
      {S::kTrial, E::kSuspect, S::kChecking, &Lane::begin_check},
      {S::kTrial, E::kOffline, S::kLive, &Lane::leave_probe},
      {S::kTrial, E::kStop, S::kIdle, &Lane::close},

      {S::kChecking, E::kSign, S::kLive, &Lane::check_passed},
      {S::kChecking, E::kProbeDelivered, S::kLive, &Lane::renew},
      // The way to the server may be shut for new connections only: silence decides.
      {S::kChecking, E::kProbeEnded, S::kLive, &Lane::leave_probe},
      {S::kChecking, E::kProbeDeadline, S::kLive, &Lane::leave_probe},
      {S::kChecking, E::kEnded, S::kWaiting, &Lane::connection_lost},
      {S::kChecking, E::kInterrupted, S::kConnecting, &Lane::browser_retries},
      {S::kChecking, E::kRefused, S::kClosed, &Lane::browser_gave_up},
      {S::kChecking, E::kOffline, S::kLive, &Lane::leave_probe},
      {S::kChecking, E::kStop, S::kIdle, &Lane::close},

      {S::kWaiting, E::kDue, S::kConnecting, &Lane::begin_attempt},
      {S::kWaiting, E::kOnline, S::kConnecting, &Lane::begin_at_once},
      {S::kWaiting, E::kOffline, S::kWaiting, &Lane::pause},
      {S::kWaiting, E::kStop, S::kIdle, &Lane::close},

      {S::kClosed, E::kStop, S::kIdle, &Lane::close},
  };
  static constexpr std::pair<S, E> kIgnored[] = {
      {S::kIdle, E::kStop},
      {S::kIdle, E::kOffline},
      {S::kIdle, E::kOnline},
      // Success is the first record, not the first byte. A run may begin while offline.
      {S::kConnecting, E::kSign},
      {S::kConnecting, E::kOnline},
      // What is open may stay so while the browser says that it is offline.
      {S::kLive, E::kDelivered},
      {S::kLive, E::kSign},
      {S::kLive, E::kOffline},
      {S::kProbing, E::kDelivered},
      {S::kProbing, E::kSign},
      {S::kTrial, E::kDelivered},
      {S::kTrial, E::kSign},
      {S::kTrial, E::kProbeDelivered},
      {S::kChecking, E::kOnline},
      {S::kClosed, E::kOffline},
      {S::kClosed, E::kOnline},
  };

  static constexpr std::size_t place(S state, E event) {
    return static_cast<std::size_t>(state) * kLaneEventCount + static_cast<std::size_t>(event);
  }
};

constexpr std::int8_t kNowhere = -2;
constexpr std::int8_t kIgnore = -1;

// The row of each pair, as its number.
const std::array<std::int8_t, kLaneStateCount* kLaneEventCount> Lane::kPlaces = [] {
  std::array<std::int8_t, kLaneStateCount * kLaneEventCount> places{};
  places.fill(kNowhere);
  for (const auto& [state, event] : Table::kIgnored) places[Table::place(state, event)] = kIgnore;
  std::int8_t number = 0;
  for (const Table::Row& row : Table::kRows) places[Table::place(row.from, row.event)] = number++;
  return places;
}();

Lane::Listed Lane::listed(S state, E event) {
  const std::int8_t number = kPlaces[Table::place(state, event)];
  if (number >= 0) return Listed::kRow;
  return number == kIgnore ? Listed::kIgnored : Listed::kNowhere;
}

std::size_t Lane::pairs_listed() { return std::size(Table::kRows) + std::size(Table::kIgnored); }

void Lane::step(E event, Micros now) {
  const std::int8_t number = kPlaces[Table::place(state_, event)];
  if (number == kIgnore) return;
  if (number == kNowhere) return observer_.on_misstep(state_, event);
  const Table::Row& row = Table::kRows[number];
  state_ = row.to;
  (this->*row.action)(now);
}

}  // namespace playground::client
