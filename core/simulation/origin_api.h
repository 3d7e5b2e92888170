// The paths of docs/api.md, as the native server answers them: the same channels, readers and
// faults, and responses with the same bytes. tests/native_server/simulation_test.cc compares them.
//
// Not here: the page's files, the classic demo, and requests that a page's own origin never makes
// (preflights, methods a path has not).
#ifndef PLAYGROUND_CORE_SIMULATION_ORIGIN_API_H_
#define PLAYGROUND_CORE_SIMULATION_ORIGIN_API_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/random.h"
#include "core/server/exchange.h"
#include "core/server/hub.h"
#include "core/simulation/http_head.h"

namespace playground::simulation {

class OriginApi {
 public:
  // `config` is what /api/config answers. All must outlive the API.
  OriginApi(server::Hub& hub, server::Schedule& schedule, const server::Limits& limits,
            std::string config, std::uint64_t seed);

  // The exchange's head is whole.
  void answer(server::Exchange& exchange);

 private:
  // What a handler answers with: a body, or a session that writes one.
  struct Reply {
    int status = 200;
    std::string body = {};
    std::unique_ptr<server::Session> session = {};
    std::string_view stream_type = {};  // of a session that is a stream; empty for a held answer
    bool upgraded = false;
  };
  // The request at hand.
  struct Asked {
    RequestHead request;
    std::string_view body;
    std::string_view rest;  // of the path, behind the channel's id
    server::Channel* channel = nullptr;
    std::string lane = {};
  };
  using Handler = Reply (OriginApi::*)(server::Exchange& exchange, const Asked& asked);
  struct Route {
    std::string_view method;
    std::string_view path;  // whole, or behind a channel's id
    bool of_channel;
    Handler handler;
  };
  static const Route kRoutes[];

  Reply reply_to(server::Exchange& exchange, const RequestHead& request);
  // True where a fault at the door has answered.
  bool play_faults(const server::Effects& effects, const Asked& asked, bool upgrade, Reply& reply);

  Reply config(server::Exchange& exchange, const Asked& asked);
  Reply time(server::Exchange& exchange, const Asked& asked);
  Reply create(server::Exchange& exchange, const Asked& asked);
  Reply end(server::Exchange& exchange, const Asked& asked);
  Reply publish(server::Exchange& exchange, const Asked& asked);
  Reply poll(server::Exchange& exchange, const Asked& asked);
  Reply long_poll(server::Exchange& exchange, const Asked& asked);
  Reply event_stream(server::Exchange& exchange, const Asked& asked);
  Reply ndjson(server::Exchange& exchange, const Asked& asked);
  Reply websocket(server::Exchange& exchange, const Asked& asked);
  Reply wire(server::Exchange& exchange, const Asked& asked);
  Reply wire_log(server::Exchange& exchange, const Asked& asked);
  Reply add_fault(server::Exchange& exchange, const Asked& asked);
  Reply list_faults(server::Exchange& exchange, const Asked& asked);
  Reply lift_faults(server::Exchange& exchange, const Asked& asked);
  Reply lift_fault(server::Exchange& exchange, const Asked& asked);

  static void write_head(const Reply& reply, const RequestHead& request, std::string& out);

  server::Hub& hub_;
  server::Schedule& schedule_;
  const server::Limits& limits_;
  const std::string config_;
  Random random_;
};

}  // namespace playground::simulation

#endif  // PLAYGROUND_CORE_SIMULATION_ORIGIN_API_H_
