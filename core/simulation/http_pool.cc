#include "core/simulation/http_pool.h"

#include <algorithm>
#include <utility>

#include "core/http/response_reader.h"

namespace playground::simulation {

// A connection to one origin: connecting, idle, or carrying one exchange.
class HttpConnection final : private SocketEvents {
 public:
  HttpConnection(HttpPool& pool, std::uint16_t port)
      : pool_(pool),
        port_(port),
        socket_(pool.network_.connect(port, *this, pool.use_)),
        idle_(pool.network_.schedule(), [this] { end(); }) {}

  std::uint16_t port() const { return port_; }
  bool connecting() const { return !connected_; }
  bool idle() const { return connected_ && exchange_ == nullptr; }

  void carry(HttpExchange& exchange) {
    exchange_ = &exchange;
    exchange.connection_ = this;
    idle_.cancel();
    reader_.reset();
    socket_->send(exchange.request_);
  }

  // The exchange was given up: what is still to come of it makes the connection useless.
  void abandon() {
    exchange_ = nullptr;
    socket_->reset();
    end();
  }

 private:
  void on_connected() override {
    connected_ = true;
    become_idle();
  }

  void on_bytes(std::string_view bytes) override {
    if (exchange_ == nullptr) return end();  // a response nobody asked for
    const bool head_before = reader_.state() != http::ResponseReader::State::kHead;
    body_.clear();
    reader_.feed(bytes, body_);
    if (!head_before && reader_.state() != http::ResponseReader::State::kHead &&
        reader_.state() != http::ResponseReader::State::kBroken) {
      exchange_->events_.on_head(reader_.status(), reader_.fields());
    }
    if (exchange_ != nullptr && !body_.empty()) {
      const std::string body = std::exchange(body_, {});
      exchange_->events_.on_body(body);
    }
    if (exchange_ == nullptr) return;
    if (reader_.state() == http::ResponseReader::State::kBroken) return fail();
    if (reader_.state() != http::ResponseReader::State::kDone) return;
    if (!reader_.keeps_alive()) return complete();
    used_ = true;
    HttpExchange& exchange = *std::exchange(exchange_, nullptr);
    exchange.over_ = true;
    exchange.connection_ = nullptr;
    // It is idle before anyone is told, so that the next request finds it idle.
    idle_.set(pool_.network_.schedule().now_us() + pool_.browser_.idle_connection);
    exchange.events_.on_exchange_end(true);
    pool_.dispatch(port_);
  }

  void on_end(PipeEnd) override {
    if (exchange_ == nullptr) {
      // A connection that could not be opened takes the request it was opened for with it.
      auto& waiting = pool_.origins_[port_].waiting;
      if (connected_ || waiting.empty()) return end();
      exchange_ = waiting.front();
      exchange_->connection_ = this;
      waiting.pop_front();
      return fail();
    }
    // A used connection may have been closed while the request was on its way: make it again.
    if (used_ && !reader_.begun()) {
      HttpExchange& exchange = *std::exchange(exchange_, nullptr);
      exchange.connection_ = nullptr;
      pool_.origins_[port_].waiting.push_front(&exchange);
      return end();
    }
    reader_.end();
    reader_.state() == http::ResponseReader::State::kDone ? complete() : fail();
  }

  void become_idle() {
    idle_.set(pool_.network_.schedule().now_us() + pool_.browser_.idle_connection);
    pool_.dispatch(port_);
  }

  void complete() { leave(true); }
  void fail() { leave(false); }
  void leave(bool whole) {
    HttpExchange& exchange = *std::exchange(exchange_, nullptr);
    exchange.over_ = true;
    exchange.connection_ = nullptr;
    end();
    exchange.events_.on_exchange_end(whole);
  }

  void end() {
    socket_.reset();
    idle_.cancel();
    pool_.ended(*this);
  }

  HttpPool& pool_;
  const std::uint16_t port_;
  bool connected_ = false;
  bool used_ = false;
  HttpExchange* exchange_ = nullptr;
  http::ResponseReader reader_;
  std::string body_;
  std::unique_ptr<Socket> socket_;
  server::Alarm idle_;
};

HttpExchange::HttpExchange(HttpPool& pool, std::uint16_t port, std::string request,
                           ExchangeEvents& events)
    : pool_(pool), port_(port), request_(std::move(request)), events_(events) {
  pool_.add(*this);
}

HttpExchange::~HttpExchange() {
  if (!over_) pool_.remove(*this);
}

HttpPool::HttpPool(const BrowserProfile& browser, Network& network, HttpVersion version)
    : browser_(browser),
      network_(network),
      use_(version == HttpVersion::kHttp1 ? Network::Use::kOwnConnection : Network::Use::kStream),
      connections_per_origin_(version == HttpVersion::kHttp1 ? browser.connections_per_origin
                                                             : kConcurrentStreams),
      reaper_(network.schedule(), [this] { ended_.clear(); }) {}

HttpPool::~HttpPool() = default;

std::size_t HttpPool::waiting() const {
  std::size_t all = 0;
  for (const auto& [port, origin] : origins_) all += origin.waiting.size();
  return all;
}

std::size_t HttpPool::open() const {
  std::size_t all = 0;
  for (const auto& [port, origin] : origins_) all += origin.connections.size();
  return all;
}

void HttpPool::add(HttpExchange& exchange) {
  origins_[exchange.port_].waiting.push_back(&exchange);
  dispatch(exchange.port_);
}

void HttpPool::remove(HttpExchange& exchange) {
  if (exchange.connection_ != nullptr) return exchange.connection_->abandon();
  std::erase(origins_[exchange.port_].waiting, &exchange);
}

void HttpPool::dispatch(std::uint16_t port) {
  Origin& origin = origins_[port];
  std::size_t connecting = 0;
  for (const auto& connection : origin.connections) {
    if (origin.waiting.empty()) return;
    if (connection->connecting()) ++connecting;
    if (!connection->idle()) continue;
    HttpExchange& exchange = *origin.waiting.front();
    origin.waiting.pop_front();
    connection->carry(exchange);
  }
  while (connecting < origin.waiting.size() &&
         origin.connections.size() < connections_per_origin_) {
    origin.connections.push_back(std::make_unique<HttpConnection>(*this, port));
    ++connecting;
  }
}

// It may be on the stack, so it goes a moment later. What waited for its place gets it now.
void HttpPool::ended(HttpConnection& connection) {
  auto& all = origins_[connection.port()].connections;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto& each) { return each.get() == &connection; });
  if (found == all.end()) return;
  ended_.splice(ended_.end(), all, found);
  reaper_.set(network_.schedule().now_us());
  dispatch(connection.port());
}

}  // namespace playground::simulation
