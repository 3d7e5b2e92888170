// All channels, by their ids.
#ifndef PLAYGROUND_CORE_SERVER_HUB_H_
#define PLAYGROUND_CORE_SERVER_HUB_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/scenario.h"
#include "core/server/channel.h"
#include "core/server/limits.h"
#include "core/server/schedule.h"

namespace playground::server {

class Hub {
 public:
  // All must outlive the hub.
  Hub(Schedule& schedule, const Limits& limits, Metrics& metrics);

  enum class Created { kYes, kTooMany, kTooManyOfOwner };

  // Begins a channel of that id, which no other has. `owner` is whom Limits::channels_per_address
  // counts it for; `epoch` as Channel's.
  Created create(std::string id, const Scenario& scenario, std::string_view owner = {},
                 std::string epoch = {});

  // Null when there is none of that id. The pointer is good until the loop's next turn.
  Channel* find(std::string_view id);

  // Whether there was a channel of that id which reached Limits::channel_lifetime_us. The last
  // Limits::channels of them are remembered.
  bool outlived(std::string_view id) const;

  // Ends the channel. False when there is none of that id.
  bool remove(std::string_view id);

  // Ends all of them.
  void end() { channels_.clear(); }

  // Streams and held polls of all channels.
  std::size_t readers() const;
  ByServed readers_by_transport() const;
  std::size_t channels() const { return channels_.size(); }

 private:
  struct Entry {
    Entry(const Scenario& scenario, Schedule& schedule, const Limits& limits, Metrics& metrics,
          std::string epoch, std::string_view of)
        : channel(scenario, schedule, limits, metrics, std::move(epoch)), owner(of) {}

    Channel channel;
    std::string owner;
  };

  void expire();

  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  std::map<std::string, Entry, std::less<>> channels_;
  std::deque<std::string> outlived_;
  Alarm expiry_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_HUB_H_
