// A scenario being played: a publisher, the log of what it published, and everyone who reads it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/scenario.h"
#include "core/server/audience.h"
#include "core/server/faults/fault_board.h"
#include "core/server/limits.h"
#include "core/server/log.h"
#include "core/server/metrics.h"
#include "core/server/neighbours.h"
#include "core/server/publisher.h"
#include "core/server/schedule.h"
#include "core/server/wire_meter.h"

namespace playground::server {

class Channel final : private Log::Listener, private Neighbours::Listener {
 public:
  // Schedule, limits and metrics must outlive the channel, which begins now.
  Channel(const Scenario& scenario, Schedule& schedule, const Limits& limits, Metrics& metrics,
          std::unique_ptr<Log> log);
  // One that has begun already, here or on another server.
  Channel(const Scenario& scenario, Schedule& schedule, const Limits& limits, Metrics& metrics,
          std::unique_ptr<Log> log, const Publisher::Begun& begun,
          const std::vector<SharedFault>& faults);
  ~Channel() { end(); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  Log& log() { return *log_; }
  Audience& audience() { return audience_; }
  WireMeter& wire() { return wire_; }
  FaultBoard& faults() { return faults_; }
  Metrics& metrics() { return metrics_; }
  // Tells this life of the channel, and its messages, from others of the same id.
  const std::string& epoch() const { return log_->epoch(); }

  // Publishes a reader's message, now. `done` is called as Log::append says: with a log in memory
  // before the call returns, and perhaps never when the channel ends.
  void publish(std::string_view payload, Log::Appended done);

  // The cursor that a reader names: the number of its last message, perhaps with a hyphen and the
  // epoch; empty, before the first message there is. A reader that resumes over a path that replays
  // is put back. Nothing when `text` is not a cursor.
  std::optional<std::uint64_t> cursor(std::string_view text, const Effects& effects) const;

  // The JSON batch that follows `cursor`, at most Limits::batch_bytes of it, as the answer to a
  // poll of the kind. `done` is called like publish()'s.
  void answer(std::uint64_t cursor, Served served, std::function<void(PollBatch batch)> done);

  // A request has named the channel.
  void touch() { used_us_ = schedule_.now_us(); }
  // Whether nobody has wanted anything of it for Limits::channel_idle_us; where its readers do not
  // keep it (Subscriber::keeps_channel), no request has named it for Limits::channel_unasked_us.
  bool idle() const;
  // Whether it has reached Limits::channel_lifetime_us.
  bool outlived() const;
  std::int64_t start_us() const { return start_us_; }
  // Whether another server has ended it.
  bool has_ended() const { return ended_; }

  // Ends every stream and answers every held poll.
  void end();

 private:
  // Log::Listener
  void arrived() override;
  void begun_anew() override;
  void ended() override;
  void trouble_changed() override { audience_.beat_now(); }

  // Neighbours::Listener
  void faults_changed(const std::vector<SharedFault>& faults) override;
  bool has_fault(std::uint64_t number) const override { return faults_.has(number); }
  std::string wire_counts() const override { return wire_.to_json(); }
  std::string wire_log(std::string_view query) override;

  void publish_due(std::int64_t due_us);
  void deliver();

  const Scenario scenario_;
  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  const std::int64_t start_us_;
  std::int64_t used_us_;
  WireMeter wire_;
  std::unique_ptr<Log> log_;
  FaultBoard faults_;
  Publisher publisher_;
  Audience audience_;
  bool in_turn_ = false;  // the publisher's: what is due together is sent together
  std::uint64_t due_;     // messages of the scenario so far
  bool ended_ = false;
  bool begun_ = false;  // what happened before it was here does not happen again
};

}  // namespace playground::server
