#include "core/server/hub.h"

#include <algorithm>
#include <utility>

namespace playground::server {
namespace {

// Looked for this often while there are channels.
std::int64_t expiry_period_us(const Limits& limits) {
  return std::min(kSecondUs, limits.channel_idle_us / 4);
}

}  // namespace

Hub::Hub(Schedule& schedule, const Limits& limits)
    : schedule_(schedule), limits_(limits), expiry_(schedule, [this] { expire(); }) {}

bool Hub::create(std::string id, const Scenario& scenario) {
  if (channels_.size() >= limits_.channels) return false;
  if (channels_.empty()) expiry_.set(schedule_.now_us() + expiry_period_us(limits_));
  channels_.try_emplace(std::move(id), scenario, schedule_, limits_);
  return true;
}

Channel* Hub::find(std::string_view id) {
  const auto found = channels_.find(id);
  return found == channels_.end() ? nullptr : &found->second;
}

bool Hub::remove(std::string_view id) {
  const auto found = channels_.find(id);
  if (found == channels_.end()) return false;
  channels_.erase(found);
  return true;
}

std::size_t Hub::readers() const {
  std::size_t all = 0;
  for (const auto& [id, channel] : channels_) all += channel.readers();
  return all;
}

void Hub::expire() {
  std::erase_if(channels_, [](const auto& each) { return each.second.expired(); });
  if (!channels_.empty()) expiry_.set(schedule_.now_us() + expiry_period_us(limits_));
}

}  // namespace playground::server
