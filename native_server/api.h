// The paths of docs/api.md under /api/, and /healthz.
#ifndef PLAYGROUND_NATIVE_SERVER_API_H_
#define PLAYGROUND_NATIVE_SERVER_API_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include <httplib.h>

#include "core/server/hub.h"
#include "core/server/limits.h"
#include "core/server/metrics.h"
#include "core/server/schedule.h"
#include "native_server/cors.h"
#include "native_server/echo.h"
#include "native_server/http/router.h"
#include "native_server/poll_repeats.h"

namespace playground::server {

class Api {
 public:
  // Adds its paths to `router`, and is its pre-routing handler. `readers` says how many streams and
  // held polls there are in the whole server, `prometheus` is the text of /metrics. All must
  // outlive the API.
  Api(Router& router, Hub& hub, Schedule& schedule, const Limits& limits, Metrics& metrics,
      OriginPolicy origins, std::function<std::size_t()> readers,
      std::function<std::string()> prometheus);

  // Answers a request of its paths, or of any other of the router.
  void handle(Exchange& exchange);

  // WebSockets at /echo.
  std::size_t echoes() const { return echoes_.size(); }
  // Ends them.
  void end();

  // What /api/config names; known only when the listeners are open.
  void set_lane_ports(std::span<const std::uint16_t> ports);

 private:
  using Request = httplib::Request;
  using Response = httplib::Response;
  struct Route {
    const char* method;
    const char* pattern;
    void (Api::*handler)(const Request&, Response&);
  };
  static const Route kRoutes[];

  template <typename Handle>
  void guarded(Response& response, Handle&& handle);
  void add(const Route& route);
  void add_refusals(const std::string& pattern);

  // Before any route: the origin, the channel and the lane of the request, and the handshake of a
  // WebSocket, which must be in order before the 101 is written.
  httplib::Server::HandlerResponse prepare(const Request& request, Response& response);

  // What is wrong at the door of the request's way. True where it has answered the request.
  bool play_faults(bool upgrade, Response& response);

  void create(const Request& request, Response& response);
  void create_named(const Request& request, Response& response);
  void remove(const Request& request, Response& response);
  void publish(const Request& request, Response& response);
  void poll(const Request& request, Response& response);
  void long_poll(const Request& request, Response& response);
  void event_stream(const Request& request, Response& response);
  void ndjson(const Request& request, Response& response);
  void not_upgraded(const Request& request, Response& response);
  void add_fault(const Request& request, Response& response);
  void list_faults(const Request& request, Response& response);
  void lift_fault(const Request& request, Response& response);
  void lift_faults(const Request& request, Response& response);
  void wire(const Request& request, Response& response);
  void wire_log(const Request& request, Response& response);
  void time(const Request& request, Response& response);
  void config(const Request& request, Response& response);
  void metrics_text(const Request& request, Response& response);
  void health(const Request& request, Response& response);

  // The scenario in the body, within the limits; begins a channel of it.
  void begin_channel(std::string id);
  // The last message the reader has, from a field or parameter that `name` is; see Channel::cursor.
  std::uint64_t cursor(const std::string& text, const char* name) const;
  std::uint64_t cursor_after(const Request& request) const;
  void stream(Response& response, const char* content_type, bool chunked, WireFormat format,
              std::uint64_t cursor);
  void require_room() const;

  Router& router_;
  Hub& hub_;
  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  OriginPolicy origins_;
  std::function<std::size_t()> readers_;
  std::function<std::string()> prometheus_;
  Echoes echoes_;
  std::string config_;
  std::string channel_id_;      // of the request at hand
  Channel* channel_ = nullptr;  // likewise; never null in a handler of a channel's path
  std::string lane_;            // likewise; empty: none named
  bool is_poll_ = false;        // the request at hand was one, and is answered
  PollRepeats repeats_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_API_H_
