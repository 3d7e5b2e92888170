#include "core/simulation/origin.h"

#include <utility>

#include "core/http/head.h"
#include "core/http/response.h"
#include "core/simulation/origin_connection.h"

namespace playground::simulation {
namespace {

// As long as the one a server would compute (RFC 6455 4.2.2): nobody here compares it.
constexpr std::string_view kAcceptKey = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

}  // namespace

Origin::Origin(const OriginSettings& settings, Network& network, std::uint64_t seed)
    : settings_(settings),
      network_(network),
      hub_(network.schedule(), settings_.limits, metrics_),
      random_(seed),
      api_(hub_, network.schedule(), settings_.limits, metrics_,
           {.version = settings_.version,
            .new_channel_id =
                [this] {
                  std::string id;
                  for (int i = 0; i < 32; ++i) id += "0123456789abcdef"[random_.next() >> 60];
                  return id;
                },
            .accept_key = [](std::string_view) { return std::string(kAcceptKey); }}),
      http_(network.schedule(), settings_.limits, metrics_, nullptr,
            [this](server::Exchange& exchange) {
              http::respond(api_.answer(exchange.request), exchange);
            }),
      reaper_(network.schedule(), [this] { ended_.clear(); }) {
  std::vector<std::uint16_t> ports;
  for (std::uint16_t i = 1; i <= settings_.lane_ports; ++i) {
    ports.push_back(static_cast<std::uint16_t>(settings_.port + i));
  }
  api_.set_lane_ports(ports);
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
  if (const std::string refusal = http_.admit(); !refusal.empty()) {
    socket->send(refusal);
    return true;
  }
  connections_.push_back(std::make_unique<OriginConnection>(
      http_, std::move(socket), [this](OriginConnection& ended) { release(ended); }));
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
  server::Request request = http::read_request(head);
  request.body = body;
  server::Reply reply = api_.answer(request);
  if (reply.session) return {0, {}};
  return {reply.status, std::move(reply.body)};
}

}  // namespace playground::simulation
