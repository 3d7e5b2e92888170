#include "core/simulation/memory_store.h"

#include <algorithm>

namespace playground::simulation {

void StoreWorld::later(std::function<void()> call) {
  calls_.emplace_back(schedule.now_us() + kDelayUs, std::move(call));
  if (calls_.size() == 1) alarm_.set(calls_.front().first);
}

void StoreWorld::run() {
  while (!calls_.empty() && calls_.front().first <= schedule.now_us()) {
    const auto call = std::move(calls_.front().second);
    calls_.pop_front();
    call();
  }
  if (!calls_.empty()) alarm_.set(calls_.front().first);
}

void MemoryStore::cut() {
  *alive_ = false;
  std::erase_if(world_.hearers, [this](const auto& each) { return each.second.server == name_; });
}

template <typename T>
void MemoryStore::ask(Done<T> done, std::function<Result<T, StoreError>()> answer) {
  world_.later([this, alive = alive_, done = std::move(done), answer = std::move(answer)] {
    if (!*alive) return;
    const auto say = [&](Result<T, StoreError> result) {
      world_.later([alive, done, result = std::move(result)] {
        if (*alive) done(result);
      });
    };
    // It takes as long to find out.
    if (world_.away) return say(StoreError::kUnavailable);
    say(answer());
  });
}

void MemoryStore::begin(const std::string& id, const Beginning& beginning,
                        Done<StoredChannel> done) {
  ask<StoredChannel>(std::move(done), [=, this]() -> Result<StoredChannel, StoreError> {
    if (world_.ended[id] && beginning.goes_on) return StoreError::kEnded;
    if (!beginning.goes_on && look(id) && channels_of(beginning.owner) >= beginning.of_owner) {
      return StoreError::kTooMany;
    }
    world_.ended[id] = false;
    if (look(id) == StoreError::kNone) {
      StoreWorld::Channel& made = world_.channels[id];
      made.stored.scenario = beginning.scenario;
      made.stored.owner = beginning.owner;
      made.stored.state.start_us = beginning.start_us;
      made.stored.state.epoch = new_epoch();
      made.stored.state.played = beginning.played;
      made.stored.state.faults = world_.random.next() >> 40;
      made.own = beginning.faults;
      made.number = std::max(beginning.faults, beginning.number);
      made.expires_us = world_.schedule.now_us() + kExpiryUs;
      change(id);
    }
    return whole(id);
  });
}

void MemoryStore::open(const std::string& id, Done<StoredChannel> done) {
  ask<StoredChannel>(std::move(done), [=, this] { return whole(id); });
}

void MemoryStore::keep(const std::string& id, Done<StoredState> done) {
  ask<StoredState>(std::move(done), [=, this]() -> Result<StoredState, StoreError> {
    auto found = whole(id);
    if (!found) return found.error();
    return found->state;
  });
}

void MemoryStore::leave(const std::string& id) {
  const auto found = world_.channels.find(id);
  if (*alive_ && found != world_.channels.end() && found->second.player == name_) {
    found->second.player = "";
  }
}

void MemoryStore::append(const std::string& id, const Append& message, Done<Appended> done) {
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

void MemoryStore::read(const std::string& id, std::uint64_t after, std::size_t max,
                       Done<Page> done) {
  ask<Page>(std::move(done), [=, this]() -> Result<Page, StoreError> {
    ++world_.reads;
    if (const auto refused = look(id)) return *refused;
    const StoreWorld::Channel& channel = world_.channels[id];
    Page page{channel.stored.state.epoch, {}};
    for (const StoredMessage& each : channel.log) {
      if (each.seq > after && page.messages.size() < max) page.messages.push_back(each);
    }
    return page;
  });
}

void MemoryStore::forget(const std::string& id) {
  const auto found = world_.channels.find(id);
  if (found != world_.channels.end()) found->second.log.clear();
}

void MemoryStore::end(const std::string& id, std::int64_t start_us, Done<std::uint64_t> done) {
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

void MemoryStore::add_fault(const std::string& id, std::string_view text,
                            const std::vector<std::uint64_t>& over, Done<std::uint64_t> done) {
  ask<std::uint64_t>(std::move(done),
                     [=, this, text = std::string(text)]() -> Result<std::uint64_t, StoreError> {
                       if (const auto refused = look(id)) return *refused;
                       StoreWorld::Channel& channel = world_.channels[id];
                       auto& faults = channel.stored.faults;
                       std::erase_if(faults, [&](const server::StoredFault& each) {
                         return std::find(over.begin(), over.end(), each.number) != over.end();
                       });
                       faults.push_back({++channel.number, text});
                       ++channel.stored.state.faults;
                       change(id);
                       return channel.number;
                     });
}

void MemoryStore::lift_faults(const std::string& id, const std::vector<std::uint64_t>& numbers,
                              Done<std::uint64_t> done) {
  ask<std::uint64_t>(std::move(done), [=, this]() -> Result<std::uint64_t, StoreError> {
    if (const auto refused = look(id)) return *refused;
    StoreWorld::Channel& channel = world_.channels[id];
    auto& faults = channel.stored.faults;
    for (const std::uint64_t number : numbers) {
      std::erase_if(faults, [&](const auto& each) { return each.number == number; });
      if (number <= channel.own) faults.push_back({number, {}});
    }
    ++channel.stored.state.faults;
    change(id);
    return numbers.size();
  });
}

void MemoryStore::tell(const std::string& id, std::string_view text, Done<std::uint64_t> done) {
  ask<std::uint64_t>(std::move(done),
                     [=, this, text = std::string(text)]() -> Result<std::uint64_t, StoreError> {
                       tell_all(id, [text](Follower& follower) { follower.on_word(text); });
                       return world_.hearers.count(id);
                     });
}

void MemoryStore::follow(const std::string& id, Follower& follower) {
  drop(id, nullptr);
  world_.hearers.emplace(id, StoreWorld::Hearer{name_, &follower});
  world_.later([=, this, alive = alive_, &follower] {
    if (*alive && hears(id, &follower)) follower.on_hearing();
  });
}

std::uint64_t MemoryStore::channels_of(std::string_view owner) const {
  const std::int64_t now = world_.schedule.now_us();
  return static_cast<std::uint64_t>(
      std::count_if(world_.channels.begin(), world_.channels.end(), [&](const auto& each) {
        return each.second.stored.owner == owner && each.second.expires_us > now;
      }));
}

std::optional<StoreError> MemoryStore::look(const std::string& id) {
  if (world_.ended[id]) return StoreError::kEnded;
  const auto found = world_.channels.find(id);
  if (found == world_.channels.end()) return StoreError::kNone;
  if (found->second.expires_us <= world_.schedule.now_us()) {
    world_.channels.erase(found);
    return StoreError::kNone;
  }
  StoredState& state = found->second.stored.state;
  if (!state.epoch.ends_with(world_.life)) {
    state.epoch = new_epoch();
    state.last = 0;
    found->second.log.clear();
    change(id);
  }
  return std::nullopt;
}

Result<StoredChannel, StoreError> MemoryStore::whole(const std::string& id) {
  if (const auto refused = look(id)) return *refused;
  StoreWorld::Channel& channel = world_.channels[id];
  const std::int64_t now = world_.schedule.now_us();
  channel.expires_us = now + kExpiryUs;
  if (channel.player.empty() || channel.player == name_ || channel.player_until_us <= now) {
    channel.player = name_;
    channel.player_until_us = now + kLeaseUs;
  }
  StoredChannel found = channel.stored;
  found.state.first = channel.log.empty() ? found.state.last + 1 : channel.log.front().seq;
  found.state.mine = channel.player == name_;
  return found;
}

void MemoryStore::drop(const std::string& id, const Follower* follower) {
  const auto [begin, end] = world_.hearers.equal_range(id);
  for (auto each = begin; each != end; ++each) {
    if (each->second.server != name_ || (follower && each->second.follower != follower)) continue;
    world_.hearers.erase(each);
    return;
  }
}

bool MemoryStore::hears(const std::string& id, const Follower* follower) const {
  const auto [begin, end] = world_.hearers.equal_range(id);
  return std::any_of(begin, end,
                     [&](const auto& each) { return each.second.follower == follower; });
}

void MemoryStore::change(const std::string& id) {
  tell_all(id, [](Follower& follower) { follower.on_change(); });
}

void MemoryStore::tell_all(const std::string& id, const std::function<void(Follower&)>& what) {
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

}  // namespace playground::simulation
