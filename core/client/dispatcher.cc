#include "core/client/dispatcher.h"

#include <utility>

namespace playground::client {
namespace {

// Empty where the browser does not count the connection among those to its origin.
std::string counted_origin(const Request& request, const Host& host) {
  if (request.kind == ConnectionKind::kWebSocket || request.of_another_page || request.apart) {
    return {};
  }
  const std::size_t authority = request.url.find("://");
  if (authority == request.url.npos) return {};
  std::string origin = request.url.substr(0, request.url.find('/', authority + 3));
  return host.multiplexes(origin) ? std::string() : origin;
}

}  // namespace

ConnectionId Dispatcher::open(const Request& request, OnEvent on_event) {
  std::string origin = counted_origin(request, host_);
  std::size_t before = 0;
  if (!origin.empty()) {
    for (const auto& [_, other] : connections_) before += other.origin == origin;
  }
  const ConnectionId id = ++last_id_;
  Kept& kept = connections_[id];
  kept.on_event = std::make_shared<const OnEvent>(std::move(on_event));
  kept.origin = std::move(origin);
  kept.waits = before >= host_.connections_per_origin();
  host_.open(id, request);
  return id;
}

void Dispatcher::close(ConnectionId id) {
  if (!connections_.contains(id)) return;
  let_go(id);
  host_.close(id);
}

void Dispatcher::let_go(ConnectionId id) {
  const Kept gone = std::move(connections_.extract(id).mapped());
  if (gone.waits || gone.origin.empty()) return;
  for (auto& [_, next] : connections_) {
    if (!next.waits || next.origin != gone.origin) continue;
    next.waits = false;
    next.waited_until = now_;
    return;
  }
}

// A browser may order requests by more than their time. Then the last of those that nothing has
// come for waits in its place.
void Dispatcher::was_sent(Kept& kept) {
  kept.heard_of = true;
  if (!std::exchange(kept.waits, false)) return;
  Kept* last = nullptr;
  for (auto& [_, other] : connections_) {
    if (!other.waits && !other.heard_of && other.origin == kept.origin) last = &other;
  }
  if (last == nullptr) return;
  last->waits = true;
  std::swap(last->waited_until, kept.waited_until);
}

bool Dispatcher::waits(ConnectionId id) const {
  const auto found = connections_.find(id);
  return found != connections_.end() && found->second.waits;
}

std::optional<Micros> Dispatcher::waited_until(ConnectionId id) const {
  if (id == over_.id) return over_.waited_until;
  const auto found = connections_.find(id);
  return found == connections_.end() ? std::nullopt : found->second.waited_until;
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
  now_ = now;
  was_sent(found->second);
  // The receiver may close the connection: the function is kept alive for the call.
  const std::shared_ptr<const OnEvent> on_event = found->second.on_event;
  if (is_last(event)) {
    over_ = {id, found->second.waited_until};
    let_go(id);
  }
  (*on_event)(event, now);
}

void Dispatcher::due(TimerId id, Micros now) {
  const auto found = timers_.find(id);
  if (found == timers_.end()) {
    ++strays_;
    return;
  }
  now_ = now;
  const OnDue on_due = std::move(found->second);
  timers_.erase(found);
  on_due(now);
}

void Dispatcher::environment(const Environment& environment, Micros now) {
  now_ = now;
  if (on_environment_) on_environment_(environment, now);
}

}  // namespace playground::client
