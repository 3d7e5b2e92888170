// A store of servers that share channels, in memory and in virtual time: it answers a moment later,
// in order, and does what a test wants a store to do wrong.
#pragma once

#include <algorithm>
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

namespace playground::server {

// What all servers share.
class StoreWorld {
 public:
  struct Channel {
    StoredChannel stored;
    std::deque<StoredMessage> log;
    std::uint64_t forgotten = 0;
    std::string player;
    std::int64_t player_until_us = 0;
    std::uint64_t own = 0;     // faults of the scenario
    std::uint64_t number = 0;  // of the last fault
  };
  struct Hearer {
    std::string server;
    SharedStore::Follower* follower;
  };

  explicit StoreWorld(Schedule& schedule_of_all) : schedule(schedule_of_all) {}

  // Calls a moment later, in the order of asking.
  void later(std::function<void()> call) {
    calls_.emplace_back(schedule.now_us() + kDelayUs, std::move(call));
    if (calls_.size() == 1) alarm_.set(calls_.front().first);
  }

  // Loses its memory of what it is; what it has stays.
  void live_again() { life = random.digits(8); }

  static constexpr std::int64_t kDelayUs = 1000;

  Schedule& schedule;
  Random random{7};
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
  void run() {
    while (!calls_.empty() && calls_.front().first <= schedule.now_us()) {
      const auto call = std::move(calls_.front().second);
      calls_.pop_front();
      call();
    }
    if (!calls_.empty()) alarm_.set(calls_.front().first);
  }

  std::deque<std::pair<std::int64_t, std::function<void()>>> calls_;
  Alarm alarm_{schedule, [this] { run(); }};
};

// One server's way to it.
class MemoryStore final : public SharedStore {
 public:
  MemoryStore(StoreWorld& world, std::string name) : world_(world), name_(std::move(name)) {}
  ~MemoryStore() override { *alive_ = false; }

  const std::string& name() const override { return name_; }

  void begin(const std::string& id, const Beginning& beginning, Done<StoredChannel> done) override {
    ask<StoredChannel>(std::move(done), [=, this]() -> Result<StoredChannel, StoreError> {
      if (world_.ended[id] && beginning.goes_on) return StoreError::kEnded;
      world_.ended[id] = false;
      if (!world_.channels.contains(id)) {
        StoreWorld::Channel& made = world_.channels[id];
        made.stored.scenario = beginning.scenario;
        made.stored.state.start_us = beginning.start_us;
        made.stored.state.epoch = new_epoch();
        made.stored.state.played = beginning.played;
        made.stored.state.faults = world_.random.next() >> 40;
        made.own = beginning.faults;
        made.number = std::max(beginning.faults, beginning.number);
        change(id);
      }
      return whole(id);
    });
  }
  void open(const std::string& id, Done<StoredChannel> done) override {
    ask<StoredChannel>(std::move(done), [=, this] { return whole(id); });
  }
  void keep(const std::string& id, Done<StoredState> done) override {
    ask<StoredState>(std::move(done), [=, this]() -> Result<StoredState, StoreError> {
      auto found = whole(id);
      if (!found) return found.error();
      return found->state;
    });
  }
  void leave(const std::string& id) override {
    const auto found = world_.channels.find(id);
    if (found != world_.channels.end() && found->second.player == name_) found->second.player = "";
  }
  void append(const std::string& id, const Append& message, Done<Appended> done) override {
    ask<Appended>(
        std::move(done),
        [=, this, payload = std::string(message.payload)]() -> Result<Appended, StoreError> {
          if (const auto refused = look(id)) return *refused;
          if (world_.full) return StoreError::kFull;
          StoreWorld::Channel& channel = world_.channels[id];
          StoredState& state = channel.stored.state;
          if (message.index > 0) {
            if (message.index <= state.played) return Appended{state.epoch, state.last};
            if (message.index > state.played + 1 && !message.jumps) return StoreError::kLeftOut;
            state.played = message.index;
          }
          ++world_.appended;
          const StoredMessage stored{++state.last, message.index, message.sent_us, payload};
          channel.log.push_back(stored);
          while (channel.log.size() > message.history) channel.log.pop_front();
          tell_all(id, [=, epoch = state.epoch](Follower& follower) {
            follower.on_message(epoch, stored);
          });
          return Appended{state.epoch, state.last};
        });
  }
  void read(const std::string& id, std::uint64_t after, std::size_t max, Done<Page> done) override {
    ask<Page>(std::move(done), [=, this]() -> Result<Page, StoreError> {
      ++world_.reads;
      if (const auto refused = look(id)) return *refused;
      Page page{world_.channels[id].stored.state.epoch, {}};
      for (const StoredMessage& each : world_.channels[id].log) {
        if (each.seq > after && page.messages.size() < max) page.messages.push_back(each);
      }
      return page;
    });
  }
  void forget(const std::string& id) override {
    if (world_.channels.contains(id)) world_.channels[id].log.clear();
  }
  void end(const std::string& id, std::int64_t start_us, Done<std::uint64_t> done) override {
    ask<std::uint64_t>(std::move(done), [=, this]() -> Result<std::uint64_t, StoreError> {
      const auto found = world_.channels.find(id);
      if (found != world_.channels.end() && found->second.stored.state.start_us != start_us) {
        return std::uint64_t{0};
      }
      world_.channels.erase(id);
      world_.ended[id] = true;
      tell_all(id, [](Follower& follower) { follower.on_end(); });
      return std::uint64_t{1};
    });
  }
  void add_fault(const std::string& id, std::string_view text,
                 const std::vector<std::uint64_t>& over, Done<std::uint64_t> done) override {
    ask<std::uint64_t>(std::move(done),
                       [=, this, text = std::string(text)]() -> Result<std::uint64_t, StoreError> {
                         if (const auto refused = look(id)) return *refused;
                         StoreWorld::Channel& channel = world_.channels[id];
                         auto& faults = channel.stored.faults;
                         std::erase_if(faults, [&](const StoredFault& each) {
                           return std::find(over.begin(), over.end(), each.number) != over.end();
                         });
                         faults.push_back({++channel.number, text});
                         ++channel.stored.state.faults;
                         change(id);
                         return channel.number;
                       });
  }
  void lift_faults(const std::string& id, const std::vector<std::uint64_t>& numbers,
                   Done<std::uint64_t> done) override {
    ask<std::uint64_t>(std::move(done), [=, this]() -> Result<std::uint64_t, StoreError> {
      if (const auto refused = look(id)) return *refused;
      auto& stored = world_.channels[id].stored;
      for (const std::uint64_t number : numbers) {
        std::erase_if(stored.faults, [&](const auto& each) { return each.number == number; });
        if (number <= world_.channels[id].own) stored.faults.push_back({number, {}});
      }
      ++stored.state.faults;
      change(id);
      return numbers.size();
    });
  }
  void tell(const std::string& id, std::string_view text, Done<std::uint64_t> done) override {
    ask<std::uint64_t>(std::move(done),
                       [=, this, text = std::string(text)]() -> Result<std::uint64_t, StoreError> {
                         tell_all(id, [text](Follower& follower) { follower.on_word(text); });
                         return world_.hearers.count(id);
                       });
  }
  void follow(const std::string& id, Follower& follower) override {
    drop(id, nullptr);
    world_.hearers.emplace(id, StoreWorld::Hearer{name_, &follower});
    world_.later([=, this, alive = alive_, &follower] {
      if (*alive && hears(id, &follower)) follower.on_hearing();
    });
  }
  void unfollow(const std::string& id, const Follower& follower) override { drop(id, &follower); }
  std::string trouble() const override { return world_.away ? "away" : ""; }

 private:
  std::string new_epoch() { return world_.random.digits(6) + world_.life; }

  template <typename T>
  void ask(Done<T> done, std::function<Result<T, StoreError>()> answer) {
    world_.later([=, this, alive = alive_, done = std::move(done)] {
      if (!*alive) return;
      if (world_.away) {
        // It takes so long to find out.
        return world_.later([alive, done] {
          if (*alive) done(StoreError::kUnavailable);
        });
      }
      Result<T, StoreError> result = answer();
      world_.later([alive, done, result] {
        if (*alive) done(result);
      });
    });
  }

  std::optional<StoreError> look(const std::string& id) {
    if (world_.ended[id]) return StoreError::kEnded;
    const auto found = world_.channels.find(id);
    if (found == world_.channels.end()) return StoreError::kNone;
    StoredState& state = found->second.stored.state;
    if (!state.epoch.ends_with(world_.life)) {
      state.epoch = new_epoch();
      state.last = 0;
      found->second.log.clear();
      change(id);
    }
    return std::nullopt;
  }

  Result<StoredChannel, StoreError> whole(const std::string& id) {
    if (const auto refused = look(id)) return *refused;
    StoreWorld::Channel& channel = world_.channels[id];
    const std::int64_t now = world_.schedule.now_us();
    if (channel.player.empty() || channel.player == name_ || channel.player_until_us <= now) {
      channel.player = name_;
      channel.player_until_us = now + kLeaseUs;
    }
    StoredChannel found = channel.stored;
    found.state.first = channel.log.empty() ? found.state.last + 1 : channel.log.front().seq;
    found.state.mine = channel.player == name_;
    return found;
  }

  // Of this server's hearers the one; null: whichever it has.
  void drop(const std::string& id, const Follower* follower) {
    const auto [begin, end] = world_.hearers.equal_range(id);
    for (auto each = begin; each != end; ++each) {
      if (each->second.server != name_ || (follower && each->second.follower != follower)) continue;
      world_.hearers.erase(each);
      return;
    }
  }

  bool hears(const std::string& id, const Follower* follower) const {
    const auto [begin, end] = world_.hearers.equal_range(id);
    return std::any_of(begin, end,
                       [&](const auto& each) { return each.second.follower == follower; });
  }

  void change(const std::string& id) {
    tell_all(id, [](Follower& follower) { follower.on_change(); });
  }

  void tell_all(const std::string& id, const std::function<void(Follower&)>& what) {
    const auto [begin, end] = world_.hearers.equal_range(id);
    for (auto each = begin; each != end; ++each) {
      if (world_.random.unit() < world_.loses) continue;
      world_.later([&world = world_, id, what, follower = each->second.follower] {
        const auto [first, last] = world.hearers.equal_range(id);
        const bool there = std::any_of(
            first, last, [&](const auto& hearer) { return hearer.second.follower == follower; });
        if (there) what(*follower);
      });
    }
  }

  StoreWorld& world_;
  std::string name_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace playground::server
