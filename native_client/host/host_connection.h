// What a native host has open for the client, one class for each kind of connection.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "native_client/host/native_host.h"
#include "native_client/http/event_source.h"
#include "native_client/http/exchange.h"
#include "native_client/http/web_socket.h"

namespace playground::native {

class HostConnection {
 public:
  HostConnection(NativeHost& host, client::ConnectionId id) : host_(host), id_(id) {}
  virtual ~HostConnection() = default;
  HostConnection(const HostConnection&) = delete;
  HostConnection& operator=(const HostConnection&) = delete;

  virtual void send(std::string_view) {}
  // The client no longer wants it; it tells nothing more. Whether nothing is left to do: otherwise
  // it calls gone() later.
  virtual bool close() = 0;

 protected:
  void tell(const client::HostEvent& event) { host_.tell(id_, event); }
  void gone() { host_.gone(id_); }

  NativeHost& host_;
  const client::ConnectionId id_;
};

// What cannot be made a request of, which is told later.
class DoomedConnection final : public HostConnection {
 public:
  DoomedConnection(NativeHost& host, EventLoop& loop, client::ConnectionId id,
                   client::ConnectionKind kind, std::string why);
  bool close() override;

 private:
  const client::ConnectionKind kind_;
  const std::string why_;
  server::Alarm soon_;
};

class ExchangeConnection : public HostConnection, protected ExchangeEvents {
 public:
  ExchangeConnection(NativeHost& host, client::ConnectionId id, Web& web, OutgoingRequest request);
  bool close() override;

 protected:
  Exchange exchange_;
};

class StreamConnection final : public ExchangeConnection {
 public:
  using ExchangeConnection::ExchangeConnection;

 private:
  void on_head(int status, std::string_view fields) override;
  void on_body(std::string_view bytes) override;
  void on_end(const ExchangeEnd& end) override;
};

class RequestConnection final : public ExchangeConnection {
 public:
  using ExchangeConnection::ExchangeConnection;

 private:
  void on_head(int status, std::string_view fields) override;
  void on_body(std::string_view bytes) override;
  void on_end(const ExchangeEnd& end) override;

  int status_ = 0;
  std::string fields_;
  std::string body_;
};

class EventSourceConnection final : public HostConnection, private EventSourceEvents {
 public:
  EventSourceConnection(NativeHost& host, client::ConnectionId id, Web& web, Url url,
                        const client::Request& request);
  bool close() override;

 private:
  void on_open(std::string_view fields) override;
  void on_event(const event_stream::Event& event) override;
  void on_error(bool closed, std::string_view why) override;

  const bool reconnects_itself_;
  const std::vector<std::string> names_;
  EventSource source_;
};

class WebSocketConnection final : public HostConnection, private WebSocketEvents {
 public:
  WebSocketConnection(NativeHost& host, client::ConnectionId id, Web& web, Url url,
                      const client::Request& request);
  void send(std::string_view text) override { socket_.send(text); }
  bool close() override;

 private:
  void on_open(std::string_view fields) override;
  void on_message(std::string_view data, bool binary) override;
  void on_close(std::uint16_t code, std::string_view reason) override;
  void on_gone() override;

  bool gone_ = false;
  WebSocket socket_;
};

}  // namespace playground::native
