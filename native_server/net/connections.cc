#include "native_server/net/connections.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_set>
#include <utility>
#include <vector>

#include "native_server/http/refusal.h"

namespace playground::server {
namespace {

constexpr std::string_view kMaxConnections = "--max-connections";

}  // namespace

Connections::Connections(uv_loop_t* loop, Schedule& schedule, const Limits& limits,
                         Metrics& metrics, RequestLog& log, ExchangeHandler handler)
    : loop_(loop),
      schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      log_(log),
      handler_(std::move(handler)),
      sweep_(schedule, [this] { sweep(); }) {
  sweep_.set(schedule_.now_us() + kSecondUs);
}

void Connections::adopt(int descriptor, const Address& peer) {
  ++metrics_.connections_accepted;
  if (open_.size() >= limits_.connections && !make_room()) {
    ++metrics_.refusals[kMaxConnections];
    const Refusal reached =
        limit_reached(503, "the server has no room for a connection", kMaxConnections);
    const std::string refusal = refusal_response(reached.status, reached.sentence);
    (void)::send(descriptor, refusal.data(), refusal.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(descriptor);
    return;
  }
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  open_.insert(new Connection(*this, descriptor, peer));
}

bool Connections::make_room() {
  Connection* longest = nullptr;
  for (Connection* connection : open_) {
    if (!connection->waits_for_request()) continue;
    if (!longest || connection->waiting_since_us() < longest->waiting_since_us()) {
      longest = connection;
    }
  }
  if (!longest) return false;
  longest->close();
  return true;
}

void Connections::resume_finished() {
  while (!finished_.empty()) {
    for (Connection* connection : std::exchange(finished_, {})) connection->resume();
  }
}

void Connections::stop() {
  for (Connection* connection : std::unordered_set(open_)) connection->stop();
}

void Connections::close_all() {
  for (Connection* connection : std::exchange(open_, {})) connection->close();
}

// Once a second is exact enough for deadlines of seconds, and costs no timer for each connection.
void Connections::sweep() {
  const std::int64_t now = schedule_.now_us();
  std::vector<Connection*> late;
  for (Connection* connection : open_) {
    if (connection->deadline_us() != 0 && connection->deadline_us() <= now) {
      late.push_back(connection);
    }
  }
  for (Connection* connection : late) connection->close();
  sweep_.set(now + kSecondUs);
}

}  // namespace playground::server
