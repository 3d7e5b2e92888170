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
#include <vector>

#include "core/random.h"
#include "core/scenario.h"
#include "core/server/channel.h"
#include "core/server/limits.h"
#include "core/server/request.h"
#include "core/server/schedule.h"
#include "core/server/shared_channels.h"

namespace playground::server {

class Hub {
 public:
  // All must outlive the hub. `seed` is for the channels' epochs: it must not be that of a hub
  // whose cursors a reader may still have. With `shared` the channels are also other servers'.
  Hub(Schedule& schedule, const Limits& limits, Metrics& metrics, std::uint64_t seed,
      SharedChannels* shared = nullptr);

  enum class Created {
    kYes,
    kTooMany,
    kTooManyOfOwner,
    // Where channels are shared:
    kUnavailable,  // nobody answers
    kFull,         // there is no room
    kNone,         // of look_up() alone: there is none
  };

  // Begins a channel of that id, which no other has, in an epoch of its own. `owner` is whom
  // Limits::channels_per_address counts it for, on all servers where channels are shared.
  Created create(std::string id, const Scenario& scenario, std::string_view owner = {});
  // The same where channels are shared: calls back once it is known, later or now.
  void create(std::string id, const Scenario& scenario, std::string_view owner,
              std::function<void(Created)> done);

  // Null when there is none of that id here. The pointer is good until the loop's next turn.
  Channel* find(std::string_view id);

  // Where channels are shared, and else null.
  SharedChannels* shared() { return kMayShare ? shared_ : nullptr; }
  // Has a channel of other servers here as well, where there is one. Calls back later: kDone says
  // that find() knows.
  void look_up(std::string id, std::function<void(Waited)> done);

  // Whether there was a channel of that id which reached Limits::channel_lifetime_us. The last
  // Limits::channels of them are remembered.
  bool outlived(std::string_view id) const;

  // Ends the channel. False when there is none of that id.
  bool remove(std::string_view id);
  // The same on all servers that share it, later; `done` is told whether it has ended.
  void remove(std::string_view id, std::function<void(bool ended)> done);

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
    Owners::iterator owner;  // owners_.end(): it is shared, and counted where it is kept
  };
  using Opened = Result<SharedChannels::Opened, SharedChannels::Error>;
  using Channels = std::map<std::string, Entry, std::less<>>;

  Channels::iterator erase(Channels::iterator entry);
  void expire();
  void add(std::string id, std::unique_ptr<Channel> channel, Owners::iterator owner);
  void opened(const std::string& id, Opened channel);

  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  Random random_;
  bool over_ = false;  // end() was called
  SharedChannels* shared_;
  // Whoever waits for a channel that is asked for.
  std::map<std::string, std::vector<std::function<void(Created)>>, std::less<>> opening_;
  Owners owners_;
  Channels channels_;
  using Outlived = std::multiset<std::string, std::less<>>;  // a name may come again
  Outlived outlived_;
  std::deque<Outlived::iterator> outlived_order_;
  Alarm expiry_;
};

}  // namespace playground::server
