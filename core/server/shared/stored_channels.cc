#include "core/server/shared/stored_channels.h"

#include <utility>

#include "core/server/shared/shared_log.h"

namespace playground::server {
namespace {

// What every server follows: no channel has that name.
constexpr const char* kAllServers = "all.servers";
constexpr std::int64_t kCountUs = 3 * kSecondUs;

}  // namespace

StoredChannels::StoredChannels(SharedStore& store, Schedule& schedule, const Limits& limits,
                               std::string server)
    : store_(store),
      schedule_(schedule),
      limits_(limits),
      server_(std::move(server)),
      count_(schedule, [this] { count_servers(); }) {
  store_.follow(kAllServers, *this);
}

StoredChannels::~StoredChannels() { store_.unfollow(kAllServers, *this); }

void StoredChannels::count_servers() {
  count_.set(schedule_.now_us() + kCountUs);
  store_.tell(kAllServers, {}, [this, alive = std::weak_ptr(alive_)](const auto& servers) {
    if (!alive.expired()) servers_ = servers ? *servers : 0;
  });
}

void StoredChannels::begin(std::string id, const Scenario& scenario, std::string owner, Done done) {
  const SharedStore::Beginning beginning{.scenario = to_json(scenario),
                                         .start_us = schedule_.now_us(),
                                         .faults = scenario.faults.size(),
                                         .number = scenario.faults.size(),
                                         .owner = std::move(owner),
                                         .of_owner = limits_.channels_per_address};
  store_.begin(id, beginning, opened(id, std::move(done)));
}

void StoredChannels::open(std::string id, Done done) {
  store_.open(id, opened(id, std::move(done)));
}

SharedStore::Done<StoredChannel> StoredChannels::opened(std::string id, Done done) {
  return [this, id = std::move(id), done = std::move(done)](auto channel) {
    if (!channel) {
      const StoreError error = channel.error();
      return done(error == StoreError::kFull          ? Error::kFull
                  : error == StoreError::kUnavailable ? Error::kUnavailable
                  : error == StoreError::kTooMany     ? Error::kTooMany
                                                      : Error::kNone);
    }
    const auto scenario = parse_scenario(channel->scenario);
    // Of a server that knows more than this one.
    if (!scenario) return done(Error::kUnavailable);
    Opened opened{*scenario, channel->state.start_us, channel->state.played,
                  faults_from(channel->faults), nullptr};
    opened.log = std::make_unique<SharedLog>(store_, schedule_, limits_, server_, id, *scenario,
                                             std::move(*channel));
    done(std::move(opened));
  };
}

}  // namespace playground::server
