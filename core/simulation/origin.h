// The server in the simulation: the native one (core/http, core/server) on virtual sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "core/http/connections.h"
#include "core/random.h"
#include "core/server/channel_api.h"
#include "core/server/hub.h"
#include "core/server/limits.h"
#include "core/simulation/socket.h"

namespace playground::simulation {

struct OriginSettings {
  std::uint16_t port = 8088;
  std::uint16_t lane_ports = 6;  // those that follow `port`
  server::Limits limits = {};
  std::string_view version = "simulated";   // lives as long as the origin
  server::MakeCheckPaths* check = nullptr;  // what answers /api/check/, if anything does
  // Which pages may use it: a world has no others than its own.
  std::function<bool(const server::Request&, server::Reply&)> admits = server::admit_page;
  server::SharedChannels* shared = nullptr;  // where its channels are other servers' as well
};

class OriginConnection;

class Origin {
 public:
  // Accepts the network's connections; one that shares its channels, those that it is given. The
  // network must outlive the origin.
  Origin(const OriginSettings& settings, Network& network, std::uint64_t seed);
  ~Origin();
  Origin(const Origin&) = delete;
  Origin& operator=(const Origin&) = delete;

  // The process ends: every connection is cut, every channel is gone, and nobody answers until
  // start().
  void stop();
  void start() { running_ = true; }
  bool running() const { return running_; }

  // Takes a connection to one of its ports, or refuses it.
  bool accept(std::uint16_t port, std::unique_ptr<Socket> socket);

  server::Hub& hub() { return hub_; }
  std::size_t connections() const { return connections_.size(); }

  // A request that takes no path and no time, for whoever plays with the server from outside.
  // Returns its answer; only for requests that are answered at once.
  struct Answer {
    int status;
    std::string body;
  };
  Answer ask(std::string_view method, std::string_view target, std::string_view body = {});

 private:
  friend class OriginConnection;
  using Connections = std::list<std::unique_ptr<OriginConnection>>;

  // The connection has ended; it may be on the stack.
  void release(OriginConnection& connection);

  const OriginSettings settings_;
  Network& network_;
  bool running_ = true;
  server::Metrics metrics_;
  server::Hub hub_;
  Random random_;
  server::ChannelApi api_;
  http::Connections http_;
  Connections connections_;
  Connections ended_;
  server::Alarm reaper_;
};

}  // namespace playground::simulation
