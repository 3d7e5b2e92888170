#include "core/http/connections.h"

#include <utility>

#include "core/http/connection.h"
#include "core/http/message.h"
#include "core/server/api_text.h"

namespace playground::http {

constexpr std::string_view kMaxConnections = "--max-connections";

Connections::Connections(server::Schedule& schedule, const server::Limits& limits,
                         server::Metrics& metrics, AccessLog* log, server::ExchangeHandler handler)
    : schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      log_(log),
      handler_(std::move(handler)),
      rate_(limits.requests_per_s),
      resume_(schedule, [this] {
        for (Connection* connection : std::exchange(finished_, {})) {
          if (connection != nullptr) connection->resume();
        }
      }) {}

std::string Connections::admit() {
  ++metrics_.connections_accepted;
  if (size() < limits_.connections) return {};
  if (!waiting_.empty()) {
    waiting_.front()->close();
    return {};
  }
  ++metrics_.refusals[kMaxConnections];
  return refusal_response(
      503, server::limit_sentence("the server has no room for a connection", kMaxConnections));
}

void Connections::stop() {
  for (Connection* connection : std::list(busy_)) connection->stop();
  for (Connection* connection : std::list(waiting_)) connection->stop();
}

void Connections::close_all() {
  for (std::list<Connection*>* all : {&waiting_, &busy_}) {
    while (!all->empty()) all->front()->close();
  }
}

}  // namespace playground::http
