#include "core/client/dispatcher.h"

namespace playground::client {

ConnectionId Dispatcher::open(const Request& request, OnEvent on_event) {
  const ConnectionId id = ++last_id_;
  connections_.emplace(id, std::make_shared<const OnEvent>(std::move(on_event)));
  host_.open(id, request);
  return id;
}

void Dispatcher::close(ConnectionId id) {
  if (connections_.erase(id) > 0) host_.close(id);
}

TimerId Dispatcher::after(Micros delay, OnDue on_due) {
  const TimerId id = ++last_id_;
  timers_.emplace(id, std::move(on_due));
  host_.set_timer(id, delay);
  return id;
}

void Dispatcher::cancel(TimerId id) {
  if (timers_.erase(id) > 0) host_.cancel_timer(id);
}

void Dispatcher::deliver(ConnectionId id, const HostEvent& event, Micros now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) {
    ++strays_;
    return;
  }
  // The receiver may close the connection: the function is kept alive for the call.
  const std::shared_ptr<const OnEvent> on_event = found->second;
  if (is_last(event)) connections_.erase(found);
  (*on_event)(event, now);
}

void Dispatcher::due(TimerId id, Micros now) {
  const auto found = timers_.find(id);
  if (found == timers_.end()) {
    ++strays_;
    return;
  }
  const OnDue on_due = std::move(found->second);
  timers_.erase(found);
  on_due(now);
}

void Dispatcher::environment(const Environment& environment, Micros now) {
  if (on_environment_) on_environment_(environment, now);
}

}  // namespace playground::client
