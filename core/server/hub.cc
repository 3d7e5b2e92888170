#include "core/server/hub.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace playground::server {
namespace {

// Looked for this often while there are channels.
std::int64_t expiry_period_us(const Limits& limits) {
  return std::min(kSecondUs, limits.channel_idle_us / 4);
}

}  // namespace

Hub::Hub(Schedule& schedule, const Limits& limits, Metrics& metrics)
    : schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      expiry_(schedule, [this] { expire(); }) {}

Hub::Created Hub::create(std::string id, const Scenario& scenario, std::string_view owner,
                         std::string epoch) {
  if (channels_.size() >= limits_.channels) return Created::kTooMany;
  const auto of_owner = std::count_if(channels_.begin(), channels_.end(),
                                      [&](const auto& each) { return each.second.owner == owner; });
  if (static_cast<std::size_t>(of_owner) >= limits_.channels_per_address) {
    return Created::kTooManyOfOwner;
  }
  if (channels_.empty()) expiry_.set(schedule_.now_us() + expiry_period_us(limits_));
  channels_.emplace(
      std::piecewise_construct, std::forward_as_tuple(std::move(id)),
      std::forward_as_tuple(scenario, schedule_, limits_, metrics_, std::move(epoch), owner));
  return Created::kYes;
}

Channel* Hub::find(std::string_view id) {
  const auto found = channels_.find(id);
  return found == channels_.end() ? nullptr : &found->second.channel;
}

bool Hub::outlived(std::string_view id) const {
  return std::find(outlived_.begin(), outlived_.end(), id) != outlived_.end();
}

bool Hub::remove(std::string_view id) {
  const auto found = channels_.find(id);
  if (found == channels_.end()) return false;
  channels_.erase(found);
  return true;
}

std::size_t Hub::readers() const {
  std::size_t all = 0;
  for (const auto& [id, entry] : channels_) all += entry.channel.readers();
  return all;
}

ByServed Hub::readers_by_transport() const {
  ByServed counts{};
  for (const auto& [id, entry] : channels_) entry.channel.count_readers(counts);
  return counts;
}

void Hub::expire() {
  std::erase_if(channels_, [this](const auto& each) {
    const Channel& channel = each.second.channel;
    if (channel.outlived()) outlived_.push_back(each.first);
    return channel.outlived() || channel.idle();
  });
  while (outlived_.size() > limits_.channels) outlived_.pop_front();
  if (!channels_.empty()) expiry_.set(schedule_.now_us() + expiry_period_us(limits_));
}

}  // namespace playground::server
