// `playground watch`: follows one stream and reports what comes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/client/dispatcher.h"
#include "core/event_stream/parser.h"
#include "core/lines/line_parser.h"
#include "native_client/options.h"
#include "native_client/stream_lines.h"
#include "native_client/watch_report.h"

namespace playground::native {

// Its exit status.
int run_watch(const Options& options, Output& output);

// Over any host.
class Watch final : private event_stream::ParserEvents {
 public:
  // All outlive it. Silence is reported after 10 s, and each time it has doubled.
  Watch(const Options& options, client::Dispatcher& dispatcher, WatchReport& report);

  void start(client::Micros now);
  // Whoever asked for it has seen enough.
  void stop(client::Micros now);
  // It has ended; nothing is open any more, but perhaps a goodbye.
  bool over() const { return over_; }
  // 0: all is well; 1: something was wrong, or nothing came; 2: the server could not be reached.
  int status() const { return status_; }

 private:
  void connect(client::Micros now);
  void open_socket(client::Micros now);
  void open_stream(client::Micros now);
  void poll(client::Micros now);
  void on_socket(const client::HostEvent& event, client::Micros now);
  void on_stream(const client::HostEvent& event, client::Micros now);
  void on_answer(const client::HostEvent& event, client::Micros now);
  void take_head(const client::Opened& opened, client::Micros now);
  void take_bytes(std::string_view bytes, client::Micros now);
  void take_lines(std::string_view bytes, client::Micros now);
  void take_line(std::string_view line, client::Micros now);
  // Of a stream, in order or not.
  void stream_ended(bool in_order, std::string_view why, client::Micros now);
  void failed(std::string_view why, client::Micros now);
  void had_item(client::Micros now);
  // Silence of `time` is reported; half of that has passed, but for the first.
  void wait_for_silence(client::Micros time);
  void finish(client::Micros now);
  void count_body();

  // event_stream::ParserEvents
  void on_event(const event_stream::Event& event) override;
  void on_retry(std::uint64_t milliseconds) override;

  const Options& options_;
  client::Dispatcher& dispatcher_;
  WatchReport& report_;
  WatchAs as_;
  client::Micros now_ = 0;  // of what is being taken
  client::Connection connection_;
  client::Timer end_;
  client::Timer next_;
  client::Timer silence_;
  client::Micros reconnection_time_;
  event_stream::Parser parser_;
  StreamLines stream_lines_;
  lines::LineParser lines_;
  int refused_ = 0;        // the status of an answer that is no stream
  std::string refusal_;    // its body, as far as it is kept
  bool answered_ = false;  // somebody has
  bool over_ = false;
  int status_ = 0;
};

}  // namespace playground::native
