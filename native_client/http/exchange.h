// One request over HTTP/1.1 and its answer, redirects followed (WHATWG Fetch 4.4).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/host.h"
#include "core/http/response_reader.h"
#include "native_client/http/body_sizes.h"
#include "native_client/http/content_decoder.h"
#include "native_client/http/socket_pool.h"
#include "native_client/net/client_socket.h"

namespace playground::native {

// What all requests of a client share; outlives them.
struct Web {
  Network network;
  SocketPool pool;
  BodySizes sizes = {};
};

struct OutgoingRequest {
  Url url;
  std::string method = "GET";
  std::vector<client::HeaderField> fields = {};
  std::string body = {};
  std::string address = {};  // under which the answer's size is noted; empty: it is not
};

struct ExchangeEnd {
  bool whole = false;     // the answer's end was marked, or it ends with the connection by its head
  bool answered = false;  // its head came
  // How it ended, a few words: "ended by its last chunk"; or a sentence on why it is not whole.
  std::string why;
};

class ExchangeEvents {
 public:
  // The final head: of an answer that is no redirect, or one that leads nowhere.
  virtual void on_head(int status, std::string_view fields) = 0;
  // Without its Content-Encoding.
  virtual void on_body(std::string_view bytes) = 0;
  // Nothing comes after it.
  virtual void on_end(const ExchangeEnd& end) = 0;

 protected:
  ~ExchangeEvents() = default;
};

class Exchange final : private SocketEvents {
 public:
  // WHATWG Fetch 4.4.
  static constexpr int kMostRedirects = 20;

  // `events` is called later, never from inside a method. To destroy it from inside an event, use
  // EventLoop::retire.
  Exchange(Web& web, OutgoingRequest request, ExchangeEvents& events);
  ~Exchange() { close(); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // No event comes after it.
  void close();

 private:
  void begin(bool may_reuse);
  void send();
  // Whether the answer leads elsewhere, and that is being followed.
  bool redirected();
  void take_body(std::string_view bytes);
  // The framing says that it is whole.
  void finish_body();
  void finish(bool whole, std::string why);
  void drop_socket();

  // SocketEvents
  void on_connected() override { send(); }
  void on_bytes(std::string_view bytes) override;
  void on_end(const SocketEnd& end) override;

  Web& web_;
  OutgoingRequest request_;
  ExchangeEvents& events_;
  http::ResponseReader reader_;
  ContentDecoder decoder_;
  client::BodySize size_;
  std::unique_ptr<ClientSocket> socket_;
  const Proxy* proxy_ = nullptr;  // that gets the request itself
  std::string key_;
  bool reused_ = false;
  bool told_ = false;  // of the head
  bool over_ = false;
  int redirects_ = 0;
  bool redirected_away_ = false;  // to another origin, at least once
  std::string problem_;           // of a redirect; told by the alarm
  server::Alarm failing_;
};

}  // namespace playground::native
