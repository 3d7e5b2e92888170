// One comparison: a channel on the server and a lane for each transport that follows it. Reaches
// the server, measures its clock, creates the channel, reads the wire counts, and begins again with
// a new channel where the server has lost the old one.
#ifndef PLAYGROUND_CORE_CLIENT_RUN_H_
#define PLAYGROUND_CORE_CLIENT_RUN_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/client/lane.h"
#include "core/client/settings.h"
#include "core/client/wire_question.h"
#include "core/fault_times.h"
#include "core/measure/clock_offset.h"
#include "core/measure/wire_meter.h"

namespace playground::client {

enum class RunState { kConnecting, kRunning, kStopped, kFailed };

struct Decision {
  Micros at;                        // since the start of the run
  std::optional<TransportId> lane;  // none where it concerns them all
  std::string text;
  bool trouble;
};

struct LaneEntry {
  std::unique_ptr<Lane> lane;
  measure::WireMeter wire;
};

class Run final : private LaneContext {
 public:
  static constexpr std::size_t kMaxDecisions = 500;
  static constexpr std::size_t kMaxSent = view::Track::kMaxArrivals;

  // `wiring` must outlive the run. `seed` makes the back-off repeatable.
  Run(Settings settings, Wiring& wiring, std::uint64_t seed);
  ~Run() override;

  void start(Micros now);
  // Ends the lanes, reads the wire once more, and deletes the channel. The figures stay.
  void stop(Micros now);

  // Something goes wrong from now on. Before there is a channel it becomes part of the scenario.
  // One too many is refused with a decision, and so is what the server does not take.
  void add_fault(const Fault& fault, Micros now);
  void lift_faults(Micros now);

  // The bytes that a message of a lane crossed the wire in (of its newest connection without one),
  // explained. Calls back at once or later; another question takes the place of one that is out.
  void ask_wire(std::size_t lane, std::optional<std::uint64_t> seq,
                WireQuestion::OnExplained on_explained);

  RunState state() const { return state_; }
  // Why the run failed or the server cannot be reached: a sentence, or nothing.
  const std::string& error() const { return error_; }
  Micros started_at() const { return started_at_; }
  Micros elapsed(Micros now) const;
  bool simulated() const { return settings_.simulated.has_value(); }
  // Its id on the server; empty without one.
  const std::string& channel() const { return channel_; }
  const FaultTimes& faults() const { return faults_; }
  const std::vector<LaneEntry>& lanes() const { return lanes_; }
  const std::deque<Decision>& decisions() const { return decisions_; }
  const std::deque<view::Sent>& sent() const { return sent_; }
  std::uint64_t sent_count() const { return past_sent_ + highest_seen_; }
  const measure::ClockOffset& clock() const { return clock_; }
  // Server's clock minus this machine's, in microseconds.
  Micros clock_difference() const;

 private:
  using OnAnswer = void (Run::*)(const Answered& answer, Micros now);

  // LaneContext
  bool has(Feature feature) const override;
  Micros server_offset() const override { return clock_.offset_us(); }
  Micros round_trip() const override { return clock_.known() ? clock_.round_trip_us() : 0; }
  bool server_reachable() const override { return reachable_; }
  void lane_failed(Micros now) override;
  void wire_used() override;
  void message_seen(std::uint32_t epoch, std::uint64_t seq, Micros sent) override;
  void decided(TransportId lane, std::string text, bool trouble, Micros now) override;

  // One question to the server at a time. An answer of whatever status goes to `on_answer`; where
  // there is none in time, the server is unreachable and `retry` is called after a pause.
  void ask(Request request, OnAnswer on_answer, Micros now);
  void get(const std::string& path, OnAnswer on_answer, Micros now);
  void unreachable(Micros now);
  void after(Micros delay, void (Run::*then)(Micros now));
  void fail(std::string error);
  void note(std::string text, bool trouble, Micros now);
  void add_decision(Decision decision);

  // The way to a running comparison, a step each.
  void find_server(Micros now);
  void take_config(const Answered& answer, Micros now);
  void try_lane_origin(Micros now);
  void take_lane_origin(const Answered& answer, Micros now);
  void ask_time(Micros now);
  void take_time(const Answered& answer, Micros now);
  void create_channel(Micros now);
  void take_channel(const Answered& answer, Micros now);
  void start_lanes(Micros now);
  void begin_epoch(std::uint32_t epoch);

  // What the browser says of the world. One that is offline may still reach a server on its own
  // machine: it is believed when the server does not answer.
  void environment(const Environment& environment, Micros now);
  void tell_lanes(Micros now);

  // While it runs.
  void tick(Micros now);
  void pause_until_next_tick();
  void take_wire(const Answered& answer, Micros now);
  // Whether it says anything new.
  bool read_wire(const Answered& answer);
  void take_last_wire(const Answered& answer, Micros now);
  void take_nothing(const Answered& answer, Micros now);

  Target target_for(std::size_t lane) const;
  std::string lane_origin(std::size_t lane) const;
  std::string channel_path() const { return "/api/channels/" + channel_; }
  // Tabs besides this one, which share the server's own origin with its lanes (EnvironmentInfo).
  unsigned other_tabs() const;
  // Where the run's own questions go.
  std::string own_origin() const;
  void open_other_tabs();

  // Faults. What is asked of the server goes out one after the other.
  struct FaultRequest {
    Request request;
    std::uint64_t number;  // of the fault that it asks for; 0 where it lifts them
  };
  void request_fault(FaultRequest asked);
  void send_fault_request();
  void fault_refused(std::uint64_t number, const std::string& why, Micros now);
  void mark_lanes(const Fault& fault, std::string_view more, bool begins, Micros now);
  std::optional<view::Trouble> next_trouble(const Lane& lane) const;
  void forget_faults(Micros now);
  void play_faults(Micros now);

  Settings settings_;
  Wiring& wiring_;
  Random random_;

  RunState state_ = RunState::kConnecting;
  std::string error_;
  bool reachable_ = false;
  Environment environment_;
  enum class Network { kThere, kInQuestion, kGone, kNotNeeded };
  Network network_ = Network::kThere;
  Micros started_at_ = 0;
  Micros stopped_at_ = 0;

  Connection call_;
  Timer call_timeout_;
  Timer next_;
  Micros asked_at_ = 0;
  void (Run::*retry_)(Micros now) = nullptr;
  // What passes between a question about the wire and its answer may be in the counts or not.
  bool wire_used_ = false;
  bool pausing_ = false;   // for longer than usual, because nothing passes
  std::string last_wire_;  // the last answer
  Micros clock_asked_at_ = 0;

  WireQuestion wire_question_;
  FaultTimes faults_;
  Timer fault_timer_;
  Connection fault_call_;
  std::deque<FaultRequest> fault_requests_;
  std::vector<Connection> other_tabs_;

  std::string lane_host_;  // "http://localhost:" where lane ports can be reached
  std::vector<std::uint16_t> lane_ports_;
  std::string channel_;  // id; empty without one
  measure::ClockOffset clock_;

  std::vector<LaneEntry> lanes_;
  std::deque<Decision> decisions_;
  std::deque<view::Sent> sent_;
  std::uint32_t epoch_ = 0;  // of the channel's numbering, which `sent_` follows
  std::uint64_t highest_seen_ = 0;
  std::uint64_t past_sent_ = 0;  // of the channels before this one
};

}  // namespace playground::client

#endif  // PLAYGROUND_CORE_CLIENT_RUN_H_
