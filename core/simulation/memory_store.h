// A store of servers that share channels, in memory and in virtual time: it answers a moment later,
// in order, and does wrong what it is told to. It does not bound the bytes of a log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/random.h"
#include "core/server/schedule.h"
#include "core/server/shared/shared_store.h"

namespace playground::simulation {

using server::SharedStore;
using server::StoredChannel;
using server::StoredMessage;
using server::StoredState;
using server::StoreError;

// What all servers share.
class StoreWorld {
 public:
  // One way, from a server to the store or back.
  static constexpr std::int64_t kDelayUs = 1000;

  struct Channel {
    StoredChannel stored;
    std::deque<StoredMessage> log;
    std::string player;
    std::int64_t player_until_us = 0;
    std::int64_t expires_us = 0;
    std::uint64_t own = 0;     // faults of the scenario
    std::uint64_t number = 0;  // of the last fault
  };
  struct Hearer {
    std::string server;
    SharedStore::Follower* follower;
  };

  // `schedule_of_all` must outlive it.
  explicit StoreWorld(server::Schedule& schedule_of_all, std::uint64_t seed = 7)
      : schedule(schedule_of_all), random(seed) {}

  // Calls a moment later, in the order of asking.
  void later(std::function<void()> call);

  // Loses its memory of what it is; what it has stays.
  void live_again() { life = random.digits(8); }

  server::Schedule& schedule;
  Random random;
  std::string life = random.digits(8);
  std::map<std::string, Channel> channels;
  std::map<std::string, bool> ended;
  std::multimap<std::string, Hearer> hearers;
  // What goes wrong:
  bool away = false;
  bool full = false;
  double loses = 0;  // of what is to be heard
  int appended = 0;
  int reads = 0;

 private:
  void run();

  std::deque<std::pair<std::int64_t, std::function<void()>>> calls_;
  server::Alarm alarm_{schedule, [this] { run(); }};
};

// One server's way to it.
class MemoryStore final : public SharedStore {
 public:
  // `world` must outlive it. No other has had that name.
  MemoryStore(StoreWorld& world, std::string name) : world_(world), name_(std::move(name)) {}
  ~MemoryStore() override { *alive_ = false; }

  // The server has died: it hears nothing, and does not say that it leaves.
  void cut();

  // SharedStore
  const std::string& name() const override { return name_; }
  void begin(const std::string& id, const Beginning& beginning, Done<StoredChannel> done) override;
  void open(const std::string& id, Done<StoredChannel> done) override;
  void keep(const std::string& id, Done<StoredState> done) override;
  void leave(const std::string& id) override;
  void append(const std::string& id, const Append& message, Done<Appended> done) override;
  void read(const std::string& id, std::uint64_t after, std::size_t max, Done<Page> done) override;
  void forget(const std::string& id) override;
  void end(const std::string& id, std::int64_t start_us, Done<std::uint64_t> done) override;
  void add_fault(const std::string& id, std::string_view text,
                 const std::vector<std::uint64_t>& over, Done<std::uint64_t> done) override;
  void lift_faults(const std::string& id, const std::vector<std::uint64_t>& numbers,
                   Done<std::uint64_t> done) override;
  void tell(const std::string& id, std::string_view text, Done<std::uint64_t> done) override;
  void follow(const std::string& id, Follower& follower) override;
  void unfollow(const std::string& id, const Follower& follower) override { drop(id, &follower); }
  std::string trouble() const override { return world_.away ? "away" : ""; }

 private:
  template <typename T>
  void ask(Done<T> done, std::function<Result<T, StoreError>()> answer);

  std::string new_epoch() { return world_.random.digits(6) + world_.life; }
  std::uint64_t channels_of(std::string_view owner) const;
  // Why nothing can be done with a channel.
  std::optional<StoreError> look(const std::string& id);
  Result<StoredChannel, StoreError> whole(const std::string& id);
  // Of this server's hearers the one; null: whichever it has.
  void drop(const std::string& id, const Follower* follower);
  bool hears(const std::string& id, const Follower* follower) const;
  void change(const std::string& id);
  void tell_all(const std::string& id, const std::function<void(Follower&)>& what);

  StoreWorld& world_;
  const std::string name_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace playground::simulation
