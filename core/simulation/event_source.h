// A browser's EventSource (WHATWG HTML 9.2), including its own reconnection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/event_stream/parser.h"
#include "core/simulation/http_pool.h"

namespace playground::simulation {

class EventSourceEvents {
 public:
  virtual void on_open() = 0;
  virtual void on_event(const event_stream::Event& event) = 0;
  // `closed`: for good (readyState CLOSED); otherwise it is connecting again by itself.
  virtual void on_error(bool closed) = 0;

 protected:
  ~EventSourceEvents() = default;
};

// Destroying it is close(). Not to be destroyed in its own events, but a moment later.
class EventSource final : private ExchangeEvents, private event_stream::ParserEvents {
 public:
  // The request's head with this last event id, which is empty at first.
  using MakeRequest = std::function<std::string(std::string_view last_event_id)>;

  EventSource(const BrowserProfile& browser, HttpPool& pool, server::Schedule& schedule,
              std::uint16_t port, MakeRequest make_request, EventSourceEvents& events);
  EventSource(const EventSource&) = delete;
  EventSource& operator=(const EventSource&) = delete;

  void close();

 private:
  void connect();
  void reestablish();
  void fail();

  void on_head(int status, std::string_view fields) override;
  void on_body(std::string_view bytes) override;
  void on_exchange_end(bool whole) override;
  void on_event(const event_stream::Event& event) override;
  void on_retry(std::uint64_t milliseconds) override;

  HttpPool& pool_;
  server::Schedule& schedule_;
  const std::uint16_t port_;
  const MakeRequest make_request_;
  EventSourceEvents& events_;
  Micros reconnection_time_;
  event_stream::Parser parser_;
  std::unique_ptr<HttpExchange> exchange_;
  bool closed_ = false;
  server::Alarm reconnection_;
};

}  // namespace playground::simulation
