// All channels, by their ids.
#ifndef PLAYGROUND_CORE_SERVER_HUB_H_
#define PLAYGROUND_CORE_SERVER_HUB_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/scenario.h"
#include "core/server/channel.h"
#include "core/server/limits.h"
#include "core/server/schedule.h"

namespace playground::server {

class Hub {
 public:
  // Both must outlive the hub.
  Hub(Schedule& schedule, const Limits& limits);

  // Begins a channel of that id, which no other has. False when there are as many channels as may
  // be.
  bool create(std::string id, const Scenario& scenario);

  // Null when there is none of that id. The pointer is good until the loop's next turn.
  Channel* find(std::string_view id);

  // Ends the channel. False when there is none of that id.
  bool remove(std::string_view id);

  // Ends all of them.
  void end() { channels_.clear(); }

  // Streams and held polls of all channels.
  std::size_t readers() const;

 private:
  void expire();

  Schedule& schedule_;
  const Limits& limits_;
  std::map<std::string, Channel, std::less<>> channels_;
  Alarm expiry_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_HUB_H_
