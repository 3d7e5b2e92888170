// One probe being carried out: opens what it needs through the host, and notes what comes.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/check/observation.h"
#include "core/client/dispatcher.h"
#include "core/event_stream/parser.h"
#include "core/lines/line_parser.h"

namespace playground::check {

// Where probes go.
struct Target {
  std::string http;       // "http://localhost:8088/api/check/"
  std::string websocket;  // the same with ws: or wss:
  std::string channel;    // whose faults are on the path; empty: none
};

class ProbeRun final : private event_stream::ParserEvents {
 public:
  // Called when it has opened, and once when the observation is over; it must not destroy the run.
  using OnChange = std::function<void(Micros now)>;

  // All outlive the run. `observation` has its probe and its id.
  ProbeRun(Observation& observation, const Target& target, const Path& path,
           client::Dispatcher& dispatcher, OnChange on_open, OnChange on_over);
  ProbeRun(const ProbeRun&) = delete;
  ProbeRun& operator=(const ProbeRun&) = delete;

  void start(Micros now);
  // Ends it as it is.
  void stop(Micros now) { over(Outcome::kStopped, {}, now); }

 private:
  // event_stream::ParserEvents
  void on_event(const event_stream::Event& event) override { take(event.data, now_); }
  void on_retry(std::uint64_t) override {}

  const Probe& probe() const { return observation_.probe; }
  std::string url(std::string_view path, std::string_view more = {}) const;
  std::string stream_parameters() const;
  std::size_t expected_records() const;
  bool complete() const;

  void open(client::Request request, Micros now);
  void open_stream(Micros now);
  void ask(std::string path, std::string more, Micros now);
  void ask_next(Micros now);
  void say_next(Micros now);
  void heard(const client::HostEvent& event, Micros now);
  void answered(const client::Answered& answer, Micros now);
  void filled(std::size_t bytes, Micros now);
  void take_bytes(std::string_view bytes, Micros now);
  void take(std::string_view text, Micros now);
  void after_record(Micros now);
  void time_out(Micros now);
  void look_for_poison();
  void over(Outcome outcome, std::string words, Micros now);

  Observation& observation_;
  const Target& target_;
  const Path& path_;
  client::Dispatcher& dispatcher_;
  OnChange on_open_;
  OnChange on_over_;
  client::Connection connection_;
  std::vector<client::Connection> others_;  // kStreams
  client::Connection beside_;               // kBothWays: the requests beside a stream
  client::Timer limit_;
  client::Timer next_;
  event_stream::Parser events_;
  lines::LineParser lines_;
  bool as_lines_ = false;
  Micros asked_ = 0;
  std::size_t step_ = 0;
  bool looks_for_poison_ = false;
  Micros now_ = 0;
};

}  // namespace playground::check
