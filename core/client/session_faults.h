// The faults of one channel: what is asked of the server, one question after another, and when each
// fault begins and ends, for those who follow the channel.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/client/question.h"
#include "core/fault_times.h"

namespace playground::client {

// What they hear of the faults. No fault may be added or lifted from inside these calls.
class FaultEvents {
 public:
  virtual ~FaultEvents() = default;
  virtual void on_fault(const Fault& fault, FaultChange change, Micros now) = 0;
  // All are over at once: lifted, or gone with their channel.
  virtual void on_faults_over(bool lifted, Micros now) = 0;
  // The server did not do what it was asked. `fault` is what is not played: null where it was asked
  // to lift one. `why` holds its own words, or nothing where it gave no answer.
  virtual void on_fault_refused(const FaultTimes::Entry* fault,
                                const std::optional<std::string>& why, Micros now) = 0;
  // SessionFaults::times() has changed.
  virtual void on_fault_times(Micros now) = 0;
};

class SessionFaults {
 public:
  // Both outlive it.
  SessionFaults(Dispatcher& dispatcher, FaultEvents& events)
      : dispatcher_(dispatcher), events_(events) {}

  // A channel begins, with the faults of its scenario, which the server numbers from 1
  // (docs/api.md); `address` is that of its faults. The faults of another channel are forgotten.
  void begin(std::string address, const std::vector<Fault>& scenario, Micros now);
  // The channel is over, and so is what was asked of it.
  void forget(Micros now);

  // False where there are kMaxFaults already.
  bool add(const Fault& fault, Micros now);
  // By its number in times(); false where there is none.
  bool lift(std::uint64_t number, Micros now);
  void lift_all(Micros now);

  const FaultTimes& times() const { return times_; }

 private:
  struct Asked {
    enum class What { kAdd, kLift, kLiftAll } what;
    std::uint64_t number = 0;  // in times(), of the one that is added or lifted
    std::string fault = {};    // JSON
  };

  void ask(Asked asked);
  void ask_next();
  void take(const Asked& asked, const Reply& reply, Micros now);
  void play(Micros now);

  Dispatcher& dispatcher_;
  FaultEvents& events_;
  std::string address_;
  FaultTimes times_;
  std::map<std::uint64_t, std::uint64_t> on_server_;  // its id there, by the number in times()
  std::deque<Asked> to_ask_;                          // the first is out
  Question question_;
  Timer next_;
};

}  // namespace playground::client
