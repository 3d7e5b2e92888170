// A check of the path between a client and a playground server: asks its probes through the host,
// as many at once as it may, and keeps what was seen. find() (findings.h) says what it means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "core/check/plan.h"
#include "core/check/probe_run.h"
#include "core/client/dispatcher.h"
#include "core/client/question.h"
#include "core/random.h"

namespace playground::check {

class Check {
 public:
  // `dispatcher` outlives the check. `seed` makes the probes' ids, which others must not guess.
  Check(CheckSettings settings, client::Dispatcher& dispatcher, std::uint64_t seed);
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

  void start(Micros now);
  // Ends what still runs; what is known stays.
  void stop(Micros now);

  bool over() const { return over_; }
  // Why it could not be made at all: a sentence. Empty where it could.
  const std::string& error() const { return error_; }
  const CheckSettings& settings() const { return settings_; }
  const Observations& observations() const { return observations_; }
  Micros began() const { return began_; }
  std::size_t done() const { return done_; }
  std::size_t total() const { return observations_.all.size(); }
  // How long what is left will take, at most.
  Micros left(Micros now) const;

 private:
  struct Running {
    std::size_t index;
    std::unique_ptr<ProbeRun> run = {};
    client::Timer pause = {};
    client::Question question = {};
    int asked = 0;
    bool over = false;
  };

  void ask(std::string path, void (Check::*then)(const client::Answered& answer, Micros now),
           Micros now);
  void find_out_why(bool timed_out);
  void fail(std::string sentence);
  void take_config(const client::Answered& answer, Micros now);
  void take_time(const client::Answered& answer, Micros now);
  void begin_probes(Micros now);
  void add(const Probe& probe);
  // Starts what may be started.
  void go_on(Micros now);
  bool begin(std::size_t index, Micros now);
  // Whether what has been seen of its transport leaves nothing to find out.
  bool pointless(const Probe& probe) const;
  bool fits(const Probe& probe) const;
  // How many Upgrades nobody has answered, and of the host's connections may still have one.
  std::size_t hanging() const;
  std::size_t held_up() const { return observations_.path.is_browser ? hanging() : 0; }
  // How many requests, besides those that ask the server about probes.
  std::size_t at_once() const;
  void probe_over(Running& running);
  void look_soon();
  void keep_channel();
  void ask_server(Running& running);
  void note_size(const Running& running);
  void finish(Running& running, Micros now);

  const CheckSettings settings_;
  client::Dispatcher& dispatcher_;
  Random random_;
  Target target_;
  Observations observations_;
  std::string error_;
  bool over_ = false;
  Micros began_ = 0;
  Micros asked_at_ = 0;
  std::size_t done_ = 0;
  std::size_t planned_ = 0;  // what comes after them has been added by refine()
  client::Question question_;
  client::Timer sweep_;
  client::Timer keeper_;
  std::list<Running> running_;
};

}  // namespace playground::check
