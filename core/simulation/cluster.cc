#include "core/simulation/cluster.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/server/shared/stored_channels.h"

namespace playground::simulation {
namespace {

// A process. What goes first stands last.
struct Process {
  Process(const OriginSettings& of_all, Network& network, StoreWorld& world,
          const std::string& name, std::size_t life, std::uint64_t seed)
      // Readers know the server by its number, the store each of its lives by another name.
      : store(world, name + "-" + std::to_string(life)),
        channels(store, network.schedule(), of_all.limits, name),
        settings(of_all) {
    settings.shared = &channels;
    origin.emplace(settings, network, seed);
  }
  // It dies: cut off before anything can be said.
  ~Process() { store.cut(); }

  MemoryStore store;
  server::StoredChannels channels;
  OriginSettings settings;
  std::optional<Origin> origin;
};

class SharingServers final : public Cluster {
 public:
  SharingServers(const OriginSettings& settings, Network& network, std::uint64_t seed,
                 std::size_t count)
      : settings_(settings),
        network_(network),
        random_(seed),
        store_(network.schedule(), random_.next()),
        servers_(count) {
    for (std::size_t i = 0; i < count; ++i) start(i);
    network.on_accept([this](std::uint16_t port, std::unique_ptr<Socket> socket) {
      return accept(port, std::move(socket));
    });
  }
  ~SharingServers() override { network_.on_accept({}); }

  std::size_t count() const override { return servers_.size(); }
  Origin* at(std::size_t server) override {
    return servers_[server] ? &*servers_[server]->origin : nullptr;
  }
  void stop(std::size_t server) override { servers_[server].reset(); }
  void start(std::size_t server) override {
    if (servers_[server]) return;
    servers_[server] = std::make_unique<Process>(
        settings_, network_, store_, std::to_string(server + 1), ++lives_, random_.next());
  }
  StoreWorld& store() override { return store_; }

 private:
  bool accept(std::uint16_t port, std::unique_ptr<Socket> socket) {
    Origin* chosen = nullptr;
    for (std::size_t i = 0; i < count(); ++i) {
      Origin* each = at(i);
      if (each && (!chosen || each->connections() < chosen->connections())) chosen = each;
    }
    return chosen && chosen->accept(port, std::move(socket));
  }

  const OriginSettings settings_;
  Network& network_;
  Random random_;
  StoreWorld store_;
  std::size_t lives_ = 0;
  std::vector<std::unique_ptr<Process>> servers_;
};

}  // namespace

std::unique_ptr<Cluster> Cluster::make(const OriginSettings& settings, Network& network,
                                       std::uint64_t seed, std::size_t count) {
  return std::make_unique<SharingServers>(settings, network, seed, count);
}

}  // namespace playground::simulation
