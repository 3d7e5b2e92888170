// The paths of docs/api.md: routes, cursors, refusals, faults at the door, questions about the
// wire. Requests and replies are plain: it knows neither who reads them off a wire nor which host
// it serves in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/server/check_paths.h"
#include "core/server/echo.h"
#include "core/server/exchange.h"
#include "core/server/hub.h"
#include "core/server/limits.h"
#include "core/server/metrics.h"
#include "core/server/origin_policy.h"
#include "core/server/schedule.h"
#include "core/server/wire_format.h"

namespace playground::server {

class ChannelApi {
 public:
  // What differs from host to host.
  struct Host {
    std::string_view version;
    // Adds what lets the request's page read the reply, or refuses and returns false: an
    // OriginPolicy's apply(). Otherwise every page may use the server.
    std::function<bool(const Request&, Reply&)> admits = admit_page;
    // 32 digits that nobody can guess: whoever knows a channel's id may read it.
    std::function<std::string()> new_channel_id;
    // Sec-WebSocket-Accept for a key (RFC 6455 4.2.2).
    std::function<std::string(std::string_view key)> accept_key;
    // Streams and held polls besides those of channels and of /echo.
    std::function<std::size_t()> other_readers = [] { return std::size_t{0}; };
    // What /metrics answers, with its type; without it there is no such path.
    std::function<std::string()> metrics_text = {};
    std::string_view metrics_type = {};
    // What answers /api/check/; without it there are no such paths.
    MakeCheckPaths* check = nullptr;
  };

  // All must outlive the API.
  ChannelApi(Hub& hub, Schedule& schedule, const Limits& limits, Metrics& metrics, Host host);

  // Whether a path is one of the API's, or would be if it existed.
  static bool serves(std::string_view path);
  // Everything it answers, each as its method and its path: "GET /api/channels/{}/poll".
  static std::vector<std::string> routes();

  Reply answer(const Request& request);

  // Streams, held polls and WebSockets of the whole server.
  std::size_t readers() const;

  // Ends the WebSockets at /echo, and what checks have open.
  void end();

  // What /api/config names; known only when the listeners are open.
  void set_lane_ports(std::span<const std::uint16_t> ports) {
    lane_ports_.assign(ports.begin(), ports.end());
  }

 private:
  // The request at hand, and what has been found out about it.
  struct Asked {
    const Request& request;
    bool of_channel = false;
    std::string_view id = {};         // of the channel
    std::string_view rest = {};       // of the path after it; all of the path where there is none
    std::string_view parameter = {};  // the last segment, of a route that ends in one
    Channel* channel = nullptr;       // null in handlers of paths without a channel, and in `begin`
    std::string lane = {};            // empty: none named
  };
  using Handler = void (ChannelApi::*)(const Asked& asked, Reply& reply);
  struct Route {
    std::string_view method;
    bool of_channel;
    std::string_view path;  // whole, or after a channel's id; with a final `/` one more segment
    Handler handler;
  };
  static const Route kRoutes[];

  // Each but the last: false where it has already answered the request. enter() asks the others.
  bool enter(Asked& asked, Reply& reply);
  bool find_channel(Asked& asked, Reply& reply);
  bool looked_up(const Asked& asked, const std::string& id, Reply& reply);
  bool find_lane(Asked& asked, Reply& reply);
  bool find_check_channel(Asked& asked, Reply& reply);
  bool play_faults(const Asked& asked, bool upgrade, Reply& reply);
  bool has_room(Reply& reply);
  void route(Asked& asked, Reply& reply);

  void create(const Asked& asked, Reply& reply);
  void create_named(const Asked& asked, Reply& reply);
  void remove(const Asked& asked, Reply& reply);
  void publish(const Asked& asked, Reply& reply);
  void poll(const Asked& asked, Reply& reply);
  void long_poll(const Asked& asked, Reply& reply);
  void stream(const Asked& asked, Reply& reply);
  void websocket(const Asked& asked, Reply& reply);
  void add_fault(const Asked& asked, Reply& reply);
  void list_faults(const Asked& asked, Reply& reply);
  void lift_fault(const Asked& asked, Reply& reply);
  void lift_faults(const Asked& asked, Reply& reply);
  void wire(const Asked& asked, Reply& reply);
  void wire_log(const Asked& asked, Reply& reply);
  void time(const Asked& asked, Reply& reply);
  void config(const Asked& asked, Reply& reply);
  void echo(const Asked& asked, Reply& reply);
  void check(const Asked& asked, Reply& reply);
  void metrics_text(const Asked& asked, Reply& reply);
  void health(const Asked& asked, Reply& reply);

  // Refuses, and returns false.
  bool limit_reached(Reply& reply, int status, std::string sentence, std::string_view limit);
  // The scenario in the body, within the limits. False: refused, as by begun().
  bool take_scenario(const Asked& asked, Scenario& scenario, Reply& reply);
  bool begun(Hub::Created created, Reply& reply);
  // Begins a channel of the scenario in the body; `answer` is the body once it has begun.
  void begin_channel(const Asked& asked, std::string id, Reply& reply,
                     std::function<std::string()> answer);
  bool lift_shared(const Asked& asked, const std::vector<std::uint64_t>& numbers, Reply& reply);
  // The last message the reader has, from a field or parameter `name`; see Channel::cursor. Nothing
  // where it is refused.
  std::optional<std::uint64_t> cursor(const Asked& asked, std::string_view text,
                                      std::string_view name, Reply& reply) const;
  std::optional<std::uint64_t> cursor_after(const Asked& asked, Reply& reply) const;
  void answer_batch(const Asked& asked, std::uint64_t after, Served served, Reply& reply);
  void upgrade(const Asked& asked, std::unique_ptr<Session> session, Reply& reply);

  Hub& hub_;
  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  const Host host_;
  Echoes echoes_;
  const std::unique_ptr<CheckPaths> check_;  // null: it has none
  std::vector<std::uint16_t> lane_ports_;
};

}  // namespace playground::server
