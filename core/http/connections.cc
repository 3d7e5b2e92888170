#include "core/http/connections.h"

#include <algorithm>
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
      late_(schedule, [this] { close_late(); }),
      resume_(schedule, [this] {
        for (Connection* connection : std::exchange(finished_, {})) {
          if (connection != nullptr) connection->resume();
        }
      }) {}

std::string Connections::admit() {
  ++metrics_.connections_accepted;
  if (size() < limits_.connections) return {};
  Connection* longest = waiting(Wait::kRequest).first();
  Connection* begun = waiting(Wait::kRestOfRequest).first();
  if (!longest || (begun && begun->waits_since_us_ < longest->waits_since_us_)) longest = begun;
  if (longest) {
    close(*longest, "made-room");
    return {};
  }
  ++metrics_.refusals[kMaxConnections];
  return refusal_response(
      503, server::limit_sentence("the server has no room for a connection", kMaxConnections),
      schedule_.now_us());
}

void Connections::stop() {
  for (Waiting& all : waiting_) all.for_each([](Connection& connection) { connection.stop(); });
}

void Connections::close_all() {
  for (Waiting& all : waiting_) {
    while (Connection* connection = all.first()) connection->close();
  }
}

std::size_t Connections::size() const {
  std::size_t size = 0;
  for (const Waiting& all : waiting_) size += all.size();
  return size;
}

std::int64_t Connections::limit_us(Wait wait) const {
  switch (wait) {
    case Wait::kNothing:
      break;
    case Wait::kRequest:
      return limits_.idle_us;
    case Wait::kRestOfRequest:
      return limits_.request_us;
    case Wait::kReader:
      return limits_.write_stall_us;
    case Wait::kEnd:
      return limits_.linger_us;
  }
  return 0;
}

std::string_view Connections::why_late(Wait wait) {
  switch (wait) {
    case Wait::kNothing:
      break;
    case Wait::kRequest:
      return "idle";
    case Wait::kRestOfRequest:
      return "slow-request";
    case Wait::kReader:
      return "slow-reader";
    case Wait::kEnd:
      return "no-end";
  }
  return "";
}

void Connections::wait(Connection& connection, Wait wait) {
  waiting(connection.wait_).leave(connection);
  waiting(wait).join(connection);
  connection.wait_ = wait;
  if (wait == Wait::kNothing) return;
  connection.waits_since_us_ = schedule_.now_us();
  const std::int64_t due_us = connection.waits_since_us_ + limit_us(wait);
  if (!rings_us_ || due_us < *rings_us_) late_.set(*(rings_us_ = due_us));
}

void Connections::close_late() {
  rings_us_.reset();
  for (const Wait wait : {Wait::kRequest, Wait::kRestOfRequest, Wait::kReader, Wait::kEnd}) {
    while (Connection* connection = waiting(wait).first()) {
      const std::int64_t due_us = connection->waits_since_us_ + limit_us(wait);
      if (due_us > schedule_.now_us()) {
        rings_us_ = std::min(due_us, rings_us_.value_or(due_us));
        break;
      }
      close(*connection, why_late(wait));
    }
  }
  if (rings_us_) late_.set(*rings_us_);
}

void Connections::close(Connection& connection, std::string_view why) {
  ++metrics_.closings[why];
  connection.close();
}

auto Connections::take_place(std::string_view client) -> std::optional<Places::iterator> {
  auto place = places_.find(client);
  if (place == places_.end()) place = places_.emplace(client, 0).first;
  if (place->second >= limits_.readers_per_address) return std::nullopt;
  ++place->second;
  return place;
}

void Connections::leave_place(std::optional<Places::iterator>& place) {
  if (place && --(*place)->second == 0) places_.erase(*place);
  place.reset();
}

}  // namespace playground::http
