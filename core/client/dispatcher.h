// Numbers connections and timers, and brings what happens to them to whoever opened them. What
// comes for a number that nobody holds any more is dropped here, and only here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/client/host.h"

namespace playground::client {

class Dispatcher {
 public:
  using OnEvent = std::function<void(const HostEvent&, Micros now)>;
  using OnDue = std::function<void(Micros now)>;
  using OnEnvironment = std::function<void(const Environment&, Micros now)>;

  // `host` must outlive the dispatcher.
  explicit Dispatcher(Host& host) : host_(host) {}
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  Host& host() { return host_; }
  const Host& host() const { return host_; }

  // Whether the request waits for one of the host's own connections to that origin to end.
  bool waits(ConnectionId id) const;
  // When it could be sent, of one that had to wait; still known while its last event is delivered.
  std::optional<Micros> waited_until(ConnectionId id) const;

  ConnectionId open(const Request& request, OnEvent on_event);
  void close(ConnectionId id);
  TimerId after(Micros delay, OnDue on_due);
  void cancel(TimerId id);
  // One listener; an empty function ends it.
  void on_environment(OnEnvironment listener) { on_environment_ = std::move(listener); }

  // From the host. `now` never goes back, and goes on while the machine sleeps.
  void deliver(ConnectionId id, const HostEvent& event, Micros now);
  void due(TimerId id, Micros now);
  void environment(const Environment& environment, Micros now);
  // How much has come for numbers that nobody holds. A host that keeps to its contract brings none.
  std::uint64_t strays() const { return strays_; }

 private:
  struct Kept {
    std::shared_ptr<const OnEvent> on_event;
    std::string origin;  // over HTTP, where its connections are counted
    bool waits = false;
    bool heard_of = false;
    std::optional<Micros> waited_until = {};
  };
  // What something comes for has been sent, though others opened before it have not been.
  void was_sent(Kept& kept);
  // A connection is over: the first of those that wait for one to its origin has its place.
  void let_go(ConnectionId id);

  Host& host_;
  std::uint64_t strays_ = 0;
  std::uint32_t last_id_ = 0;
  Micros now_ = 0;                            // of the last call from the host
  std::map<ConnectionId, Kept> connections_;  // in the order of opening
  struct {
    ConnectionId id = 0;
    std::optional<Micros> waited_until = {};
  } over_;  // the one that ended last
  std::map<TimerId, OnDue> timers_;
  OnEnvironment on_environment_;
};

// The number of a connection or a timer, which ends when its holder lets go of it.
template <auto End>
class Held {
 public:
  Held() = default;
  Held(Dispatcher& dispatcher, std::uint32_t id) : dispatcher_(&dispatcher), id_(id) {}
  Held(Held&& other) noexcept
      : dispatcher_(std::exchange(other.dispatcher_, nullptr)), id_(other.id_) {}
  Held& operator=(Held&& other) noexcept {
    std::swap(dispatcher_, other.dispatcher_);
    std::swap(id_, other.id_);
    return *this;
  }
  ~Held() { end(); }

  explicit operator bool() const { return dispatcher_ != nullptr; }
  void end() {
    if (auto* dispatcher = std::exchange(dispatcher_, nullptr)) (dispatcher->*End)(id_);
  }

 protected:
  Dispatcher* dispatcher_ = nullptr;
  std::uint32_t id_ = 0;
};

class Connection : public Held<&Dispatcher::close> {
 public:
  Connection() = default;
  Connection(Dispatcher& dispatcher, const Request& request, Dispatcher::OnEvent on_event)
      : Held(dispatcher, dispatcher.open(request, std::move(on_event))) {}

  void send(std::string_view text) { dispatcher_->host().send(id_, text); }
  // As the dispatcher's; of one that has been closed, no.
  bool waits() const { return dispatcher_ != nullptr && dispatcher_->waits(id_); }
  std::optional<Micros> waited_until() const {
    return dispatcher_ == nullptr ? std::nullopt : dispatcher_->waited_until(id_);
  }
  void close() { end(); }
};

class Timer : public Held<&Dispatcher::cancel> {
 public:
  Timer() = default;
  Timer(Dispatcher& dispatcher, Micros delay, Dispatcher::OnDue on_due)
      : Held(dispatcher, dispatcher.after(delay, std::move(on_due))) {}

  void cancel() { end(); }
};

}  // namespace playground::client
