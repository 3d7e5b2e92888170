#include "core/simulation/origin.h"

#include <utility>

#include "core/json_text.h"
#include "core/simulation/origin_connection.h"

namespace playground::simulation {
namespace {

std::string config_of(const OriginSettings& settings) {
  std::string config = "{\"version\":\"simulated\",\"lane_ports\":[";
  for (std::uint16_t i = 1; i <= settings.lane_ports; ++i) {
    if (i > 1) config += ',';
    append_number(settings.port + i, config);
  }
  return config += "]}";
}

}  // namespace

Origin::Origin(const OriginSettings& settings, Network& network, std::uint64_t seed)
    : settings_(settings),
      network_(network),
      hub_(network.schedule(), settings_.limits, metrics_, seed),
      api_(hub_, network.schedule(), settings_.limits, config_of(settings_), seed),
      reaper_(network.schedule(), [this] { ended_.clear(); }) {
  network_.on_accept([this](std::uint16_t port, std::unique_ptr<Socket> socket) {
    return accept(port, std::move(socket));
  });
}

Origin::~Origin() {
  network_.on_accept({});
  stop();
  ended_.clear();
}

void Origin::stop() {
  running_ = false;
  while (!connections_.empty()) connections_.front()->cut(/*reset=*/true);
  hub_.end();
}

bool Origin::accept(std::uint16_t port, std::unique_ptr<Socket> socket) {
  if (!running_ || port < settings_.port || port > settings_.port + settings_.lane_ports) {
    return false;
  }
  if (connections_.size() >= settings_.limits.connections) return false;
  connections_.push_back(std::make_unique<OriginConnection>(
      network_.schedule(), settings_.limits, std::move(socket),
      [this](server::Exchange& exchange) { api_.answer(exchange); },
      [this](OriginConnection& connection) { release(connection); }));
  return true;
}

void Origin::release(OriginConnection& connection) {
  for (auto each = connections_.begin(); each != connections_.end(); ++each) {
    if (each->get() != &connection) continue;
    ended_.push_back(std::move(*each));
    connections_.erase(each);
    break;
  }
  reaper_.set(network_.schedule().now_us());
}

Origin::Answer Origin::ask(std::string_view method, std::string_view target,
                           std::string_view body) {
  std::string head(method);
  head.append(" ").append(target).append(" HTTP/1.1\r\n\r\n");
  server::Exchange exchange;
  exchange.head = head;
  exchange.body = body;
  api_.answer(exchange);
  if (exchange.session) return {0, {}};
  const std::size_t end = exchange.response.find("\r\n\r\n") + 4;
  return {read_status(exchange.response), exchange.response.substr(end)};
}

}  // namespace playground::simulation
