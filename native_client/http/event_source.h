// EventSource as the standard has it (WHATWG HTML 9.2), with its own reconnection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/event_stream/parser.h"
#include "native_client/http/exchange.h"

namespace playground::native {

class EventSourceEvents {
 public:
  // `fields`: those of the answer.
  virtual void on_open(std::string_view fields) = 0;
  virtual void on_event(const event_stream::Event& event) = 0;
  // `closed`: for good (readyState CLOSED); otherwise it connects again by itself.
  virtual void on_error(bool closed, std::string_view why) = 0;

 protected:
  ~EventSourceEvents() = default;
};

class EventSource final : private ExchangeEvents, private event_stream::ParserEvents {
 public:
  // What browsers wait unless the stream says otherwise.
  static constexpr client::Micros kReconnectionTime = 3 * client::kSecond;

  // As Exchange's.
  EventSource(Web& web, Url url, EventSourceEvents& events);
  ~EventSource() override = default;
  EventSource(const EventSource&) = delete;
  EventSource& operator=(const EventSource&) = delete;

  void close();

 private:
  void connect();
  void drop_exchange();
  void fail(std::string_view why);

  void on_head(int status, std::string_view fields) override;
  void on_body(std::string_view bytes) override;
  void on_end(const ExchangeEnd& end) override;
  void on_event(const event_stream::Event& event) override;
  void on_retry(std::uint64_t milliseconds) override;

  Web& web_;
  const Url url_;
  EventSourceEvents& events_;
  client::Micros reconnection_time_ = kReconnectionTime;
  event_stream::Parser parser_;
  std::unique_ptr<Exchange> exchange_;
  bool closed_ = false;
  server::Alarm reconnection_;
};

// Whether a response with that Content-Type is an event stream (9.2.5).
bool is_event_stream(std::string_view content_type);

// The pause that a `retry` field asks for, at most a day.
client::Micros reconnection_time(std::uint64_t milliseconds);

}  // namespace playground::native
