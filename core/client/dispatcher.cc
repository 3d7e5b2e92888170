#include "core/client/dispatcher.h"

#include <algorithm>

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
  const ConnectionId id = ++last_id_;
  Kept kept{std::make_shared<const OnEvent>(std::move(on_event)), counted_origin(request, host_)};
  if (!kept.origin.empty()) {
    auto& all = over_http_[kept.origin];
    all.emplace(id, all.size() >= host_.connections_per_origin());
  }
  connections_.emplace(id, std::move(kept));
  host_.open(id, request);
  return id;
}

void Dispatcher::close(ConnectionId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  const std::string origin = std::move(found->second.origin);
  connections_.erase(found);
  host_.close(id);
  let_go(id, origin);
}

void Dispatcher::let_go(ConnectionId id, const std::string& origin) {
  const auto found = over_http_.find(origin);
  if (found == over_http_.end()) return;
  auto& all = found->second;
  const auto gone = all.find(id);
  const bool waited = gone->second;
  all.erase(gone);
  if (all.empty()) {
    over_http_.erase(found);
    return;
  }
  if (waited) return;
  const auto next =
      std::find_if(all.begin(), all.end(), [](const auto& each) { return each.second; });
  if (next == all.end()) return;
  next->second = false;
  connections_.at(next->first).waited_until = now_;
}

bool Dispatcher::waits(ConnectionId id) const {
  const auto found = connections_.find(id);
  if (found == connections_.end() || found->second.origin.empty()) return false;
  return over_http_.find(found->second.origin)->second.at(id);
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
  // The receiver may close the connection: the function is kept alive for the call.
  const std::shared_ptr<const OnEvent> on_event = found->second.on_event;
  if (is_last(event)) {
    over_ = {id, found->second.waited_until};
    const std::string origin = std::move(found->second.origin);
    connections_.erase(found);
    let_go(id, origin);
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
