// The connections over which a browser makes its requests: so many for each origin, used again and
// again, and an endless queue, without errors, for requests that find none free.
//
// Over HTTP/2 there is one connection for each origin and a stream for each request, so that none
// waits for another.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/simulation/browser_profile.h"
#include "core/simulation/socket.h"

namespace playground::simulation {

enum class HttpVersion : std::uint8_t { kHttp1, kHttp2 };

// Concurrent streams over HTTP/2: what servers commonly allow (RFC 9113 6.5.2 recommends 100 or
// more).
inline constexpr std::size_t kConcurrentStreams = 100;

// What comes of a request. Its exchange may be given up in any of these calls.
class ExchangeEvents {
 public:
  virtual void on_head(int status, std::string_view fields) = 0;  // whole lines
  virtual void on_body(std::string_view bytes) = 0;
  // Whole, or broken off. Nothing comes after this.
  virtual void on_exchange_end(bool whole) = 0;

 protected:
  ~ExchangeEvents() = default;
};

class HttpPool;
class HttpConnection;

// One request and its response. Giving it up ends the connection that carries it.
class HttpExchange {
 public:
  // Both outlive the exchange.
  HttpExchange(HttpPool& pool, std::uint16_t port, std::string request, ExchangeEvents& events);
  ~HttpExchange();
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  bool waiting() const { return connection_ == nullptr; }

 private:
  friend class HttpPool;
  friend class HttpConnection;

  HttpPool& pool_;
  const std::uint16_t port_;
  const std::string request_;
  ExchangeEvents& events_;
  HttpConnection* connection_ = nullptr;  // null while it waits for one
  bool over_ = false;
};

class HttpPool {
 public:
  // Both outlive the pool.
  HttpPool(const BrowserProfile& browser, Network& network, HttpVersion version);
  ~HttpPool();
  HttpPool(const HttpPool&) = delete;
  HttpPool& operator=(const HttpPool&) = delete;

  std::size_t waiting() const;
  std::size_t open() const;

 private:
  friend class HttpExchange;
  friend class HttpConnection;

  struct Origin {
    std::deque<HttpExchange*> waiting;
    std::list<std::unique_ptr<HttpConnection>> connections;
  };

  void add(HttpExchange& exchange);
  void remove(HttpExchange& exchange);
  // Gives waiting requests to idle connections, and opens new ones where there may be more.
  void dispatch(std::uint16_t port);
  void ended(HttpConnection& connection);

  const BrowserProfile& browser_;
  Network& network_;
  const Network::Use use_;
  const std::size_t connections_per_origin_;
  std::map<std::uint16_t, Origin> origins_;
  std::list<std::unique_ptr<HttpConnection>> ended_;
  server::Alarm reaper_;
};

}  // namespace playground::simulation
