#include "core/simulation/simulated_host.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/json_text.h"
#include "core/simulation/page_connection.h"

namespace playground::simulation {
namespace {

using client::ConnectionId;
using client::ConnectionKind;
using client::HostEvent;

// "localhost" of "http://localhost:8088".
std::string_view host_name(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  const bool in_brackets = authority.find(']', colon == authority.npos ? 0 : colon) !=
                           authority.npos;  // of an IPv6 address
  return colon == authority.npos || in_brackets ? authority : authority.substr(0, colon);
}

std::string_view behind_scheme(std::string_view url) {
  const std::size_t end = url.find("://");
  return end == url.npos ? std::string_view() : url.substr(end + 3);
}

// 16 random bytes in base64 (RFC 6455 4.1): 22 digits, the last with two bits, and the padding.
std::string websocket_key(Random& random) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string key;
  for (int i = 0; i < 21; ++i) key += kDigits[random.next() >> 58];
  key += "AQgw"[random.next() >> 62];
  return key += "==";
}

}  // namespace

SimulatedHost::SimulatedHost(const PageSettings& settings, Network& network, std::uint64_t seed)
    : settings_(settings),
      browser_(profile(settings.browser)),
      network_(network),
      zero_(network.schedule().now_us() - settings.clock_begins),
      random_(seed),
      dispatcher_(*this),
      pool_(browser_, network, settings.http),
      apart_(browser_, network, settings.http),
      timers_(browser_, network.schedule(), zero_,
              [this](client::TimerId id) {
                if (watcher_) watcher_->on_call("timer", id);
                dispatcher_.due(id, now());
              }),
      sweeper_(network.schedule(),
               [this] { std::erase_if(retired_, [](const auto& each) { return each->done(); }); }),
      refusal_(network.schedule(), [this] { refuse_doomed(); }) {}

SimulatedHost::~SimulatedHost() {
  waiting_handshakes_.clear();
  handshake_ = ~ConnectionId{0};  // none begins from now on
}

void SimulatedHost::set_online(bool online) {
  if (online == online_) return;
  online_ = online;
  network_.link().set_up(online);
  tell_environment();
}

void SimulatedHost::set_visible(bool visible) {
  if (visible == visible_) return;
  visible_ = visible;
  timers_.set_visible(visible);
  tell_environment();
}

void SimulatedHost::set_asleep(bool asleep) {
  network_.link().set_up(!asleep && online_);
  timers_.set_asleep(asleep);
  if (!asleep) tell_environment();
}

void SimulatedHost::tell_environment() {
  const client::Environment now_so = environment();
  if (watcher_) {
    watcher_->on_call(now_so.online ? "online" : "offline", 0);
    watcher_->on_call(now_so.visible ? "shown" : "hidden", 0);
  }
  dispatcher_.environment(now_so, now());
}

bool SimulatedHost::has(Feature feature) const {
  const auto& without = settings_.without;
  return std::find(without.begin(), without.end(), feature) == without.end();
}

// Opening

SimulatedHost::Address SimulatedHost::address_of(std::string_view url) const {
  const std::string_view rest = behind_scheme(url);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  Address address;
  address.host = rest.substr(0, slash);
  address.target = slash == rest.size() ? std::string_view("/") : rest.substr(slash);
  const std::string_view own = behind_scheme(settings_.server);
  const std::string_view server = settings_.server;
  const std::string_view scheme = server.substr(0, server.find("://"));
  address.origin = std::string(scheme) + "://" + std::string(address.host);
  const std::string_view name = host_name(address.host);
  if (name != host_name(own)) return address;
  if (name.size() == address.host.size()) {
    address.port = settings_.port;
  } else {
    const std::string_view digits = address.host.substr(name.size() + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  }
  return address;
}

std::string SimulatedHost::head_of(const client::Request& request, const Address& address,
                                   std::string_view last_event_id, std::string_view key) const {
  HeadFacts facts;
  facts.method = request.method;
  facts.target = address.target;
  facts.host = address.host;
  facts.page_origin = settings_.server;
  facts.own_origin = address.origin;
  facts.content_type = request.content_type;
  facts.body_bytes = request.body.size();
  facts.last_event_id = last_event_id;
  facts.websocket_key = key;
  const auto add = [&](std::string_view name, std::string_view value) {
    facts.more.append(name).append(": ").append(value).append("\r\n");
  };
  const ConnectionKind kind = request.kind;
  if (kind == ConnectionKind::kStream || kind == ConnectionKind::kRequest) {
    for (const client::HeaderField& field : request.header_fields) add(field.name, field.value);
  }
  if (kind == ConnectionKind::kStream && !request.body.empty()) {
    add("Content-Type", request.content_type);
    add("Content-Length", std::to_string(request.body.size()));
  }
  if (kind == ConnectionKind::kWebSocket && !request.subprotocols.empty()) {
    std::string all;
    for (const std::string& each : request.subprotocols) all += (all.empty() ? "" : ", ") + each;
    add("Sec-WebSocket-Protocol", all);
  }
  return request_head(browser_, kind, facts) + request.body;
}

void SimulatedHost::open(ConnectionId id, const client::Request& request) {
  if (watcher_) watcher_->on_open(id, request);
  const Address address = address_of(request.url);
  const bool too_many =
      request.kind == ConnectionKind::kWebSocket && open_web_sockets() >= browser_.web_sockets;
  if (address.port == 0 || !online_ || too_many) {
    doomed_.emplace_back(id, request.kind);
    return refusal_.set(network_.schedule().now_us());
  }
  open_.emplace(id, make_connection(id, request, address));
  if (request.kind == ConnectionKind::kWebSocket) {
    waiting_handshakes_.push_back(id);
    begin_next_handshake();
  }
}

std::unique_ptr<PageConnection> SimulatedHost::make_connection(ConnectionId id,
                                                               const client::Request& request,
                                                               const Address& address) {
  switch (request.kind) {
    case ConnectionKind::kEventSource:
      return std::make_unique<EventSourceConnection>(
          *this, id, request, browser_, pool_, network_.schedule(), address.port,
          [this, request](std::string_view last_event_id) {
            return head_of(request, address_of(request.url), last_event_id);
          });
    case ConnectionKind::kWebSocket:
      return std::make_unique<WebSocketConnection>(
          *this, id, address.port, head_of(request, address, {}, websocket_key(random_)),
          random_.next());
    case ConnectionKind::kStream:
      return std::make_unique<FetchConnection>(*this, id, pool_, address.port,
                                               head_of(request, address));
    case ConnectionKind::kRequest:
      return std::make_unique<XhrConnection>(*this, id, request.apart ? apart_ : pool_,
                                             address.port, head_of(request, address));
  }
  return nullptr;
}

// RFC 6455 4.1: no two handshakes with one host at a time.
void SimulatedHost::begin_next_handshake() {
  while (handshake_ == 0 && !waiting_handshakes_.empty()) {
    const ConnectionId id = waiting_handshakes_.front();
    waiting_handshakes_.pop_front();
    const auto found = open_.find(id);
    if (found == open_.end()) continue;
    handshake_ = id;
    static_cast<WebSocketConnection&>(*found->second).begin(network_);
  }
}

std::size_t SimulatedHost::open_web_sockets() const {
  std::size_t all = 0;
  for (const auto& [id, connection] : open_) all += connection->is_web_socket();
  for (const auto& connection : retired_) all += connection->is_web_socket();
  return all;
}

void SimulatedHost::refuse_doomed() {
  for (const auto& [id, kind] : std::exchange(doomed_, {})) {
    if (kind == ConnectionKind::kWebSocket) {
      tell(id, client::Closed{1006});
    } else {
      tell(id, client::Failed{"network error", kind == ConnectionKind::kEventSource});
    }
  }
}

void SimulatedHost::send(ConnectionId id, std::string_view text) {
  if (watcher_) watcher_->on_call("send", id, text);
  const auto found = open_.find(id);
  if (found != open_.end()) found->second->send(text);
}

void SimulatedHost::close(ConnectionId id) {
  if (watcher_) watcher_->on_call("close", id);
  std::erase_if(doomed_, [id](const auto& each) { return each.first == id; });
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  std::unique_ptr<PageConnection> connection = std::move(found->second);
  open_.erase(found);
  retire(std::move(connection));
}

void SimulatedHost::retire(std::unique_ptr<PageConnection> connection) {
  retired_.push_back(std::move(connection));
  retired_.back()->close();
  sweep();
}

void SimulatedHost::sweep() { sweeper_.set(network_.schedule().now_us()); }

// Telling

void SimulatedHost::tell(ConnectionId id, const HostEvent& event) {
  if (watcher_) watcher_->on_told(id, event);
  if (client::is_last(event)) {
    const auto found = open_.find(id);
    if (found != open_.end()) {
      std::unique_ptr<PageConnection> connection = std::move(found->second);
      open_.erase(found);
      retire(std::move(connection));
    }
  }
  dispatcher_.deliver(id, event, now());
}

// Timers

void SimulatedHost::set_timer(client::TimerId id, Micros delay) {
  if (watcher_) watcher_->on_call("set-timer", id, {}, delay);
  timers_.set(id, delay);
}

void SimulatedHost::cancel_timer(client::TimerId id) {
  if (watcher_) watcher_->on_call("cancel-timer", id);
  timers_.cancel(id);
}

}  // namespace playground::simulation
