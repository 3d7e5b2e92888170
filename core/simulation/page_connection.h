// The four ways in which the client opens something, each over the browser's own object for it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/simulation/event_source.h"
#include "core/simulation/simulated_host.h"
#include "core/simulation/web_socket.h"

namespace playground::simulation {

class PageConnection {
 public:
  PageConnection(SimulatedHost& host, client::ConnectionId id) : host_(host), id_(id) {}
  virtual ~PageConnection() = default;
  PageConnection(const PageConnection&) = delete;
  PageConnection& operator=(const PageConnection&) = delete;

  virtual void send(std::string_view) {}
  // The client no longer wants it; no call follows.
  virtual void close() = 0;
  // Whether nothing is left to do after close().
  virtual bool done() const { return true; }
  virtual bool is_web_socket() const { return false; }

 protected:
  void tell(const client::HostEvent& event) { host_.tell(id_, event); }

  SimulatedHost& host_;
  const client::ConnectionId id_;
};

// One request over HTTP.
class ExchangeConnection : public PageConnection, protected ExchangeEvents {
 public:
  ExchangeConnection(SimulatedHost& host, client::ConnectionId id, HttpPool& pool,
                     std::uint16_t port, std::string request)
      : PageConnection(host, id),
        exchange_(std::make_unique<HttpExchange>(pool, port, std::move(request),
                                                 static_cast<ExchangeEvents&>(*this))) {}
  void close() override { exchange_.reset(); }

 protected:
  std::unique_ptr<HttpExchange> exchange_;
};

// fetch, its body read piece by piece.
class FetchConnection final : public ExchangeConnection {
 public:
  using ExchangeConnection::ExchangeConnection;

 private:
  void on_head(int status, std::string_view fields) override {
    tell(client::Opened{status, fields});
    // 204 has no body, and so `body` is null.
    if (status == 204 && exchange_) tell(client::Failed{"fetch gives no stream"});
  }
  void on_body(std::string_view bytes) override { tell(client::Chunk{bytes}); }
  void on_exchange_end(bool whole) override {
    if (whole) return tell(client::Closed{});
    tell(client::Failed{"network error"});
  }
};

// XMLHttpRequest: the whole answer.
class XhrConnection final : public ExchangeConnection {
 public:
  using ExchangeConnection::ExchangeConnection;

 private:
  void on_head(int status, std::string_view fields) override {
    status_ = status;
    fields_ = fields;
  }
  void on_body(std::string_view bytes) override { body_ += bytes; }
  void on_exchange_end(bool whole) override {
    if (whole) return tell(client::Answered{status_, body_, fields_});
    tell(client::Failed{"network error"});
  }

  int status_ = 0;
  std::string fields_;
  std::string body_;
};

class EventSourceConnection final : public PageConnection, private EventSourceEvents {
 public:
  EventSourceConnection(SimulatedHost& host, client::ConnectionId id,
                        const client::Request& request, const BrowserProfile& browser,
                        HttpPool& pool, server::Schedule& schedule, std::uint16_t port,
                        EventSource::MakeRequest make_request)
      : PageConnection(host, id),
        names_(request.event_names),
        reconnects_itself_(request.reconnects_itself),
        source_(browser, pool, schedule, port, std::move(make_request), *this) {}
  void close() override { source_.close(); }

 private:
  void on_open() override { tell(client::Opened{}); }
  void on_event(const event_stream::Event& event) override {
    if (!listens_to(event.type)) return;
    tell(client::ServerEvent{event.type, event.data, event.last_event_id});
  }
  // The browser reconnects by itself if that was asked for; otherwise the client does, and knows
  // why.
  void on_error(bool closed) override {
    if (!closed && reconnects_itself_) return tell(client::Interrupted{});
    tell(client::Failed{closed ? "refused" : "network error", !closed});
  }
  bool listens_to(std::string_view type) const {
    if (type == "message") return true;
    for (const std::string& name : names_) {
      if (name == type) return true;
    }
    return false;
  }

  const std::vector<std::string> names_;
  const bool reconnects_itself_;
  EventSource source_;
};

class WebSocketConnection final : public PageConnection, private WebSocketEvents {
 public:
  WebSocketConnection(SimulatedHost& host, client::ConnectionId id, std::uint16_t port,
                      std::string handshake, std::uint64_t seed)
      : PageConnection(host, id), port_(port), handshake_(std::move(handshake)), seed_(seed) {}

  // Its turn has come.
  void begin(Network& network) {
    socket_ = std::make_unique<WebSocket>(network, port_, std::move(handshake_), seed_,
                                          static_cast<WebSocketEvents&>(*this));
  }

  void send(std::string_view text) override {
    if (socket_) socket_->send(text);
  }
  void close() override {
    left_ = true;
    if (socket_) socket_->close();
  }
  bool done() const override { return !socket_ || socket_->closed(); }
  bool is_web_socket() const override { return true; }

 private:
  void on_handshake_over() override {
    host_.handshake_ = 0;
    host_.begin_next_handshake();
  }
  void on_open() override {
    if (!left_) tell(client::Opened{});
  }
  void on_message(std::string_view data, bool binary) override {
    if (!left_) tell(client::Frame{data, binary});
  }
  void on_close(std::uint16_t code, std::string_view reason) override {
    if (left_) return host_.sweep();
    tell(client::Closed{code, reason});
  }

  const std::uint16_t port_;
  std::string handshake_;
  const std::uint64_t seed_;
  bool left_ = false;
  std::unique_ptr<WebSocket> socket_;
};

}  // namespace playground::simulation
