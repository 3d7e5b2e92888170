// What concerns one playground server: reaches it, measures its clock, creates a channel, reads the
// wire counts, plays faults, and creates another channel when the server has lost the first. A
// channel that is no longer followed is deleted.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/decision.h"
#include "core/client/question.h"
#include "core/client/session_faults.h"
#include "core/client/settings.h"
#include "core/measure/clock_offset.h"
#include "core/measure/wire_readings.h"

namespace playground::client {

// The path after a channel's address for the bytes in which a lane's message crossed the wire, or,
// without a message, for those of the lane's newest connection.
std::string wire_log_path(std::string_view lane, std::optional<std::uint64_t> seq);

enum class RunState { kConnecting, kRunning, kStopped, kFailed };

// What a session reports to those who follow its channel. It must not be destroyed from inside.
class SessionEvents : public FaultEvents {
 public:
  // There is a channel to follow from its beginning: the first one, or another.
  virtual void on_channel(bool first, Micros now) = 0;
  // The server no longer knows the channel (its words: `why`).
  virtual void on_channel_lost(const std::string& why, Micros now) = 0;
  // There is no channel for the present: Session::trouble() is another than before.
  virtual void on_trouble(const Decision& trouble, Micros now) = 0;
  // There will be no channel: Session::trouble().
  virtual void on_failed(Micros now) = 0;

  // What has changed about the network.
  enum class Network { kOnline, kOffline, kNotNeeded };
  virtual void on_network(Network network, Micros now) = 0;
  // What is known of the world; may come without a change.
  virtual void on_environment(const Environment& known, Micros now) = 0;

  // A reading of the wire: what each lane has cost, where anything has passed since the last one;
  // then that it is read.
  virtual void on_wire_count(std::string_view lane, const measure::WireCount& count) = 0;
  virtual void on_wire_read(Micros now) = 0;
};

class Session {
 public:
  // The server's answer; with status 0, `body` is a sentence that says why there is none.
  using OnWireLog = std::function<void(int status, std::string_view body)>;

  // `dispatcher` and `events` outlive the session; nobody else listens to the environment.
  Session(const Settings& settings, Dispatcher& dispatcher, SessionEvents& events);
  ~Session() { dispatcher_.on_environment({}); }

  // Without lanes it has no server to ask: then it runs, and has no channel.
  void start(Micros now);
  // Reads the wire once more, and deletes the channel.
  void stop(Micros now);
  // Before it is destroyed: its channel is deleted by a question that may outlive it.
  void leave();

  // Something goes wrong from now on. Before there is a channel it becomes part of the scenario.
  // False where there are kMaxFaults already.
  bool add_fault(const Fault& fault, Micros now);
  void lift_faults(Micros now);
  // By its number in faults(); false where there is none.
  bool lift_fault(std::uint64_t number, Micros now) { return faults_.lift(number, now); }

  // What wire_log_path() leads to. Calls back at once or later; a new question replaces one that is
  // out.
  void ask_wire(std::string_view lane, std::optional<std::uint64_t> seq, OnWireLog on_wire_log);
  // Something has failed: is the server there, and the channel?
  void look_soon();
  // Bytes pass on the wire: what is known of its counts is out of date.
  void wire_used();

  RunState state() const { return state_; }
  bool over() const { return state_ == RunState::kStopped || state_ == RunState::kFailed; }
  // Why there is no channel, or the one there is cannot be reached.
  const std::optional<Decision>& trouble() const { return trouble_; }
  bool reachable() const { return reachable_; }
  bool answered_since(Micros at) const { return reachable_ && answered_at_ >= at; }
  const measure::ClockOffset& clock() const { return clock_; }
  // Whether a proxy was seen before the server's own address. Lane ports lead past it.
  bool proxied() const { return proxied_; }
  const FaultTimes& faults() const { return faults_.times(); }
  // Its id; empty without one.
  const std::string& channel() const { return channel_; }
  // Its address for a lane, which has an origin of its own where there are lane ports, and for
  // whoever shares the server's.
  std::string channel_for(std::size_t lane) const;
  std::string channel_url() const { return server_ + channel_path(); }

 private:
  using OnAnswer = void (Session::*)(const Answered& answer, Micros now);

  // One question at a time. An answer of any status goes to `on_answer`; where there is none, the
  // server is unreachable and `retry_` is called after a pause.
  void ask(const Request& request, OnAnswer on_answer, Micros now);
  void get(const std::string& path, OnAnswer on_answer, Micros now);
  // Drops the one that is out; a channel that it may still create is deleted.
  void drop_question();
  void unreachable(bool timed_out, Micros now);
  void server_gone(Micros now);
  // What came says nothing of the server, or that it wants to be left alone for now.
  bool put_off(const Answered& answer, Micros now);
  void find_out_why(bool timed_out, Micros now);
  void out_of_reach(Reason reason, Micros now);
  void set_trouble(Reason reason, Parameters parameters, Micros now);
  void after(Micros delay, void (Session::*then)(Micros now));
  void fail(Reason reason, Parameters parameters, Micros now);

  // The way to a channel, step by step.
  void find_server(Micros now);
  void take_config(const Answered& answer, Micros now);
  void try_lane_origin(Micros now);
  void ask_time(Micros now);
  void take_time(const Answered& answer, Micros now);
  void create_channel(Micros now);
  void take_channel(const Answered& answer, Micros now);

  // What the browser says of the world. One that is offline may still reach a server on its own
  // machine: it is believed only when the server does not answer.
  void environment(const Environment& environment, Micros now);
  void tell_environment(Micros now);

  // While there is one.
  void tick(Micros now);
  void pause_until_next_tick();
  void take_wire(const Answered& answer, Micros now);
  // Returns whether it says anything new.
  bool read_wire(const Answered& answer, Micros now);
  void take_last_wire(const Answered& answer, Micros now);

  std::string lane_origin(std::size_t lane) const;
  std::string own_origin() const;
  std::string channel_path() const { return "/api/channels/" + channel_; }

  const std::string server_;
  const bool has_lanes_;
  const bool shares_origin_;  // with other tabs, whose connections a browser counts with its own
  const bool uses_lane_ports_;
  Scenario scenario_;
  Dispatcher& dispatcher_;
  SessionEvents& events_;

  RunState state_ = RunState::kConnecting;
  std::optional<Decision> trouble_;
  bool reachable_ = false;
  bool seen_answering_ = false;  // a request of its own connection, where this one was not answered
  Micros answered_at_ = 0;
  Environment environment_;
  enum class Network { kThere, kInQuestion, kGone, kNotNeeded };
  Network network_ = Network::kThere;

  Question question_;
  Timer next_;
  Micros asked_at_ = 0;
  void (Session::*retry_)(Micros now) = &Session::find_server;
  bool proxied_ = false;
  std::string lane_host_;  // "http://localhost:" where lane ports can be reached
  std::vector<std::uint16_t> lane_ports_;
  measure::ClockOffset clock_;
  Micros clock_asked_at_ = 0;

  std::string channel_;
  // The faults in a scenario that is on its way to the server; changes made meanwhile follow it.
  std::optional<std::vector<Fault>> faults_sent_;
  bool lifted_since_ = false;
  SessionFaults faults_;

  // What passes between a question about the wire and its answer may be in the counts or not.
  bool wire_used_ = false;
  bool pausing_ = false;   // for longer than usual, because nothing passes
  std::string last_wire_;  // the last answer
  Question wire_question_;
};

}  // namespace playground::client
