// The contract of core/client/host.h as scenes that run on any host: the simulated one and the
// tests' own in tests/core, the browser's in tests/browser/host.test.mjs. Each plays in time that
// passes outside: it is told that it is over.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/dispatcher.h"

namespace playground::client {

// Everything that came for one connection, and whether it may come so.
struct Witness {
  Request request;
  ConnectionId id = 0;
  std::vector<std::string> events = {};  // "opened 200", "chunk …", "closed 1001"
  bool open = false;
  bool over = false;  // it ended, or was closed

  // How many of `events` begin so.
  std::size_t count(std::string_view beginning) const;
  // The newest that begins so; empty without one.
  std::string newest(std::string_view beginning) const;
};

class HostStage {
 public:
  // `server` is a playground server's origin; at `nobody` there is none. `over` is called once,
  // with what broke the contract, a line each.
  HostStage(Dispatcher& dispatcher, std::string server, std::string nobody,
            std::function<void(std::string problems)> over);
  HostStage(const HostStage&) = delete;
  HostStage& operator=(const HostStage&) = delete;

  // To be called once; the scene's first steps are written down, and the first is played.
  void play(void (*scene)(HostStage&));

  // What a scene does.
  std::shared_ptr<Witness> open(ConnectionKind kind, std::string url);
  std::shared_ptr<Witness> open(Request request);
  void close(Witness& witness);
  void send(const Witness& witness, std::string_view text);
  // A timer that writes `name` down in `due`.
  TimerId set_timer(Micros delay, std::string name);
  void cancel_timer(TimerId id);

  // Steps, one after the other. Each waits for its condition, and not for ever.
  void when(std::string what, std::function<bool()> condition, std::function<void()> then = {});
  void then(std::function<void()> step) { when("", {}, std::move(step)); }
  void rest(Micros time);
  // A channel with twenty messages a second, whose address is `channel` from then on.
  void create_channel();
  void play_fault(std::string json);
  void check(bool holds, std::string what);

  std::string server;
  std::string nobody;
  std::string channel;
  std::vector<std::string> due;
  // What is done from inside the next event of this witness that begins so.
  void inside(std::shared_ptr<Witness> witness, std::string beginning, std::function<void()> act);

 private:
  struct Step {
    std::string what;
    std::function<bool()> condition;
    std::function<void()> then;
  };
  struct Inside {
    std::shared_ptr<Witness> witness;
    std::string beginning;
    std::function<void()> act;
  };

  void told(Witness& witness, const HostEvent& event, Micros now);
  void seen_at(Micros now);
  void go_on();
  void wait_for_step();

  Dispatcher& dispatcher_;
  std::function<void(std::string)> over_;
  std::string problems_;
  std::vector<std::shared_ptr<Witness>> witnesses_;
  std::deque<Step> steps_;
  std::vector<Inside> inside_;
  bool calling_ = false;  // a method of the host is running
  bool playing_ = false;  // a step is
  Micros newest_ = 0;
  Timer patience_;
  Timer rest_;
  bool rested_ = false;
};

struct HostScene {
  std::string_view name;
  void (*play)(HostStage& stage);
};
std::span<const HostScene> host_scenes();

}  // namespace playground::client
