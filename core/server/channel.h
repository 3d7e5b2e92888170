// A scenario being played: a publisher, the log of what it published, and everyone who reads it.
#ifndef PLAYGROUND_CORE_SERVER_CHANNEL_H_
#define PLAYGROUND_CORE_SERVER_CHANNEL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "core/scenario.h"
#include "core/server/faults/fault_board.h"
#include "core/server/limits.h"
#include "core/server/message_log.h"
#include "core/server/metrics.h"
#include "core/server/schedule.h"
#include "core/server/send_times.h"
#include "core/server/wire_meter.h"

namespace playground::server {

class HeldPoll;
class Subscriber;

class Channel {
 public:
  // The scenario's messages are due when its SendTimes say, from construction on, whatever happened
  // to those before them. An `epoch` tells this life of the channel from others of the same
  // id; without, there is only this one. Schedule, limits and metrics must outlive the channel.
  Channel(const Scenario& scenario, Schedule& schedule, const Limits& limits, Metrics& metrics,
          std::string epoch = {});
  ~Channel() { end(); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  MessageLog& log() { return log_; }
  WireMeter& wire() { return wire_; }
  FaultBoard& faults() { return faults_; }
  Metrics& metrics() { return metrics_; }
  std::int64_t now_us() const { return schedule_.now_us(); }
  const std::string& epoch() const { return epoch_; }
  Greeting greeting() const { return {log_.last(), limits_.heartbeat_s, epoch_}; }

  // Publishes a message of a reader's, now. Returns its sequence number.
  std::uint64_t publish(std::string_view payload);

  // Where a reader is who says so: with the number of its last message, in a named channel perhaps
  // with a hyphen and the epoch; with nothing, before the first message there is. A reader who
  // resumes over a way that replays is put back. Nothing when `text` is no such thing.
  std::optional<std::uint64_t> cursor(std::string_view text, const Effects& effects) const;

  // The JSON batch that follows `cursor`, at most Limits::batch_bytes of it.
  struct Batch {
    std::string json;
    std::uint64_t after = 0;    // the messages it holds are those behind this one,
    std::uint64_t last = 0;     // up to this one
    std::uint64_t dropped = 0;  // those the reader asked for and the log no longer has
  };
  Batch batch(std::uint64_t cursor) const;
  // Counts what a poll of the kind was answered.
  void count_answer(const Batch& batch, Served served);
  // Both at once.
  std::string answer(std::uint64_t cursor, Served served);

  void add(Subscriber& subscriber);
  void add(HeldPoll& poll);
  void remove(Subscriber& subscriber);
  void remove(HeldPoll& poll);
  std::size_t readers() const { return subscribers_.size() + polls_.size(); }
  void count_readers(ByServed& counts) const;

  // A request has named the channel.
  void touch() { used_us_ = schedule_.now_us(); }
  // Whether nobody wanted anything of it for Limits::channel_idle_us.
  bool idle() const;
  // Whether it has reached Limits::channel_lifetime_us.
  bool outlived() const;

  // Ends every stream and answers every held poll.
  void end();

 private:
  std::int64_t due_us() const { return start_us_ + send_times_.due_us(); }
  bool has_more() const { return scenario_.count == 0 || send_times_.index() < scenario_.count; }
  void publish_due();
  void deliver();
  void answer_polls();
  void beat();

  const Scenario scenario_;
  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  const std::string epoch_;
  const std::int64_t start_us_;
  std::int64_t used_us_;
  std::int64_t delivered_us_;
  SendTimes send_times_;  // of the next message that the scenario has
  MessageLog log_;
  WireMeter wire_;
  // In the order in which they came, so that the same scenario is played the same way again.
  std::vector<Subscriber*> subscribers_;
  std::vector<HeldPoll*> polls_;
  FaultBoard faults_;
  Alarm publisher_;
  Alarm heartbeat_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_CHANNEL_H_
