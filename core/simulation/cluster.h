// Several servers of a world that share their channels, behind a balancer that gives each
// connection to the server that has the fewest.
//
// A server that is stopped dies: its connections are reset, and it says goodbye to nobody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/simulation/memory_store.h"
#include "core/simulation/origin.h"
#include "core/simulation/socket.h"

namespace playground::simulation {

class Cluster {
 public:
  // Servers of these settings, `count` of them, which accept the network's connections: it must
  // outlive them.
  static std::unique_ptr<Cluster> make(const OriginSettings& settings, Network& network,
                                       std::uint64_t seed, std::size_t count);

  virtual ~Cluster() = default;

  virtual std::size_t count() const = 0;
  // Counted from 0, as below. Null while it is stopped.
  virtual Origin* at(std::size_t server) = 0;
  virtual void stop(std::size_t server) = 0;
  virtual void start(std::size_t server) = 0;

  // Where they keep their channels.
  virtual StoreWorld& store() = 0;
};

}  // namespace playground::simulation
