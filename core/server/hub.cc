#include "core/server/hub.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/server/memory_log.h"

namespace playground::server {
namespace {

constexpr std::size_t kEpochDigits = 6;

// Looked for this often while there are channels.
std::int64_t expiry_period_us(const Limits& limits) {
  return std::min(kSecondUs, limits.channel_idle_us / 4);
}

}  // namespace

Hub::Hub(Schedule& schedule, const Limits& limits, Metrics& metrics, std::uint64_t seed)
    : schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      random_(seed),
      expiry_(schedule, [this] { expire(); }) {}

Hub::Created Hub::create(std::string id, const Scenario& scenario, std::string_view owner) {
  if (channels_.size() >= limits_.channels) return Created::kTooMany;
  auto of_owner = owners_.find(owner);
  if ((of_owner == owners_.end() ? 0 : of_owner->second) >= limits_.channels_per_address) {
    return Created::kTooManyOfOwner;
  }
  if (of_owner == owners_.end()) of_owner = owners_.emplace(owner, 0).first;
  ++of_owner->second;
  if (channels_.empty()) expiry_.set(schedule_.now_us() + expiry_period_us(limits_));
  auto log = std::make_unique<MemoryLog>(scenario.history, limits_.log_payload_bytes,
                                         random_.digits(kEpochDigits));
  channels_.emplace(std::move(id), Entry{std::make_unique<Channel>(scenario, schedule_, limits_,
                                                                   metrics_, std::move(log)),
                                         of_owner});
  return Created::kYes;
}

Channel* Hub::find(std::string_view id) {
  const auto found = channels_.find(id);
  return found == channels_.end() ? nullptr : found->second.channel.get();
}

bool Hub::outlived(std::string_view id) const { return outlived_.find(id) != outlived_.end(); }

bool Hub::remove(std::string_view id) {
  const auto found = channels_.find(id);
  if (found == channels_.end()) return false;
  erase(found);
  return true;
}

void Hub::end() {
  channels_.clear();
  owners_.clear();
}

Hub::Channels::iterator Hub::erase(Channels::iterator entry) {
  const auto owner = entry->second.owner;
  if (--owner->second == 0) owners_.erase(owner);
  return channels_.erase(entry);
}

std::size_t Hub::readers() const {
  return std::accumulate(metrics_.readers.begin(), metrics_.readers.end(), std::size_t{0});
}

void Hub::expire() {
  for (auto entry = channels_.begin(); entry != channels_.end();) {
    const Channel& channel = *entry->second.channel;
    if (channel.outlived()) outlived_order_.push_back(outlived_.insert(entry->first));
    entry = channel.outlived() || channel.idle() ? erase(entry) : std::next(entry);
  }
  for (; outlived_order_.size() > limits_.channels; outlived_order_.pop_front()) {
    outlived_.erase(outlived_order_.front());
  }
  if (!channels_.empty()) expiry_.set(schedule_.now_us() + expiry_period_us(limits_));
}

}  // namespace playground::server
