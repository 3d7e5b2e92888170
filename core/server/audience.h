// Who reads a channel: its streams and its held polls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/record.h"
#include "core/server/limits.h"
#include "core/server/log.h"
#include "core/server/metrics.h"
#include "core/server/poll_batch.h"
#include "core/server/roster.h"
#include "core/server/schedule.h"

namespace playground::server {

class HeldPoll;
class Subscriber;

class Audience {
 public:
  // All must outlive the audience.
  Audience(Log& log, Schedule& schedule, const Limits& limits, Metrics& metrics);
  Audience(const Audience&) = delete;
  Audience& operator=(const Audience&) = delete;

  // For the readers.
  Log& log() { return log_; }
  Schedule& schedule() { return schedule_; }
  const Limits& limits() const { return limits_; }
  Metrics& metrics() { return metrics_; }
  std::int64_t now_us() const { return schedule_.now_us(); }
  Greeting greeting() const {
    return {log_.last(), limits_.heartbeat_s, log_.epoch(), std::string(log_.server())};
  }

  // Metrics::readers counts them. Leaving without having joined is allowed.
  void join(Subscriber& subscriber);
  void join(HeldPoll& poll);
  void leave(Subscriber& subscriber);
  void leave(HeldPoll& poll);
  std::size_t size() const { return subscribers_.size() + polls_.size(); }
  bool keeps_channel() const { return keepers_ > 0 || polls_.size() > 0; }
  // When somebody left last; 0 before.
  std::int64_t left_us() const { return left_us_; }

  // The log's window has moved on: everyone gets what is new, in the order they joined.
  void deliver();

  // Says now what a heartbeat says after a silence.
  void beat_now();

  // The log has begun anew. Streams end, since their greetings are no longer true; held polls are
  // answered with what it holds now.
  void begin_anew();

  // Ends every stream and answers every held poll. No heartbeats follow.
  void end();

 private:
  void beat();

  Log& log_;
  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  std::int64_t delivered_us_;
  std::int64_t left_us_ = 0;
  std::size_t keepers_ = 0;  // of the subscribers
  Roster<Subscriber> subscribers_;
  Roster<HeldPoll> polls_;
  Alarm heartbeat_;
};

}  // namespace playground::server
