// All channels, by their ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "core/random.h"
#include "core/scenario.h"
#include "core/server/channel.h"
#include "core/server/limits.h"
#include "core/server/schedule.h"

namespace playground::server {

class Hub {
 public:
  // All must outlive the hub. `seed` is for the channels' epochs: it must not be that of a hub
  // whose cursors a reader may still have.
  Hub(Schedule& schedule, const Limits& limits, Metrics& metrics, std::uint64_t seed);

  enum class Created { kYes, kTooMany, kTooManyOfOwner };

  // Begins a channel of that id, which no other has, in an epoch of its own. `owner` is whom
  // Limits::channels_per_address counts it for.
  Created create(std::string id, const Scenario& scenario, std::string_view owner = {});

  // Null when there is none of that id. The pointer is good until the loop's next turn.
  Channel* find(std::string_view id);

  // Whether there was a channel of that id which reached Limits::channel_lifetime_us. The last
  // Limits::channels of them are remembered.
  bool outlived(std::string_view id) const;

  // Ends the channel. False when there is none of that id.
  bool remove(std::string_view id);

  // Ends all of them.
  void end();

  // Streams and held polls of all channels.
  std::size_t readers() const;
  std::size_t channels() const { return channels_.size(); }

 private:
  // How many channels each owner has.
  using Owners = std::map<std::string, std::size_t, std::less<>>;
  struct Entry {
    std::unique_ptr<Channel> channel;
    Owners::iterator owner;
  };
  using Channels = std::map<std::string, Entry, std::less<>>;

  Channels::iterator erase(Channels::iterator entry);
  void expire();

  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  Random random_;
  Owners owners_;
  Channels channels_;
  using Outlived = std::multiset<std::string, std::less<>>;  // a name may come again
  Outlived outlived_;
  std::deque<Outlived::iterator> outlived_order_;
  Alarm expiry_;
};

}  // namespace playground::server
