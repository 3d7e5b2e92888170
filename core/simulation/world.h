// A whole world in virtual time: a browser with a page, a line, a server. The client core runs in
// it with no browser and no server, and cannot tell.
//
//   World world(settings, seed);
//   client::Run run(run_settings, world.dispatcher(), seed);
//   run.start(world.now());
//   world.advance(world.now() + 60'000'000);
//
// The same settings, seed and calls give the same run, to the byte.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/simulation/cluster.h"
#include "core/simulation/link.h"
#include "core/simulation/origin.h"
#include "core/simulation/simulated_host.h"
#include "core/simulation/socket.h"
#include "core/simulation/virtual_time.h"

namespace playground::simulation {

struct WorldSettings {
  PageSettings page = {};
  LinkSettings link = {};
  // `page.port` is its port.
  std::uint16_t lane_ports = 6;
  server::Limits limits = {};
  server::MakeCheckPaths* check = nullptr;
  std::size_t servers = 1;  // two share their channels, behind a balancer
  // What the server's clock reads at the beginning: microseconds since the Unix epoch.
  Micros epoch = 1'790'000'000'000'000;
};

class World {
 public:
  World(const WorldSettings& settings, std::uint64_t seed)
      : time_(settings.epoch),
        random_(seed),
        link_(settings.link, random_.next()),
        network_(link_, time_.schedule()),
        seed_(random_.next()),
        host_(settings.page, network_, random_.next()) {
    const OriginSettings origin{.port = settings.page.port,
                                .lane_ports = settings.lane_ports,
                                .limits = settings.limits,
                                .check = settings.check};
    if (server::kMayShare && settings.servers > 1) {
      cluster_ = Cluster::make(origin, network_, seed_, settings.servers);
    } else {
      origin_.emplace(origin, network_, seed_);
    }
  }

  // A run in this world must be destroyed before it.
  client::Host& host() { return host_; }
  client::Dispatcher& dispatcher() { return host_.dispatcher(); }

  // The page's clock.
  Micros now() const { return host_.now(); }
  // Lets time pass up to `until` by the page's clock. Not to be called from within.
  void advance(Micros until) { time_.advance(time_.now_us() + (until - now())); }

  // The moment, by the page's clock, of the next thing that happens.
  std::optional<Micros> next() {
    const auto due = time_.schedule().next_us();
    if (!due) return std::nullopt;
    return now() + std::max<Micros>(*due - time_.now_us(), 0);
  }
  server::Schedule& schedule() { return time_.schedule(); }

  // What a person can do to it.
  void set_online(bool online) { host_.set_online(online); }
  void set_visible(bool visible) { host_.set_visible(visible); }
  void set_asleep(bool asleep) { host_.set_asleep(asleep); }
  // The server, where it is the only one: ask() adds faults to a channel and lifts them; stop() and
  // start() are a deployment.
  Origin& origin() { return *origin_; }
  // The servers, where there are several; null otherwise.
  Cluster* cluster() { return server::kMayShare ? cluster_.get() : nullptr; }

  void watch(HostWatcher& watcher) { host_.watch(watcher); }
  const Network& network() const { return network_; }

 private:
  VirtualTime time_;
  Random random_;
  Link link_;
  Network network_;
  const std::uint64_t seed_;  // of what serves
  std::optional<Origin> origin_;
  std::unique_ptr<Cluster> cluster_;
  SimulatedHost host_;
};

}  // namespace playground::simulation
