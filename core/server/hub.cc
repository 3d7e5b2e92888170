#include "core/server/hub.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/random.h>
#include <system_error>

namespace playground::server {
namespace {

std::string random_id() {
  std::array<unsigned char, 16> bits;
  // Up to 256 bytes come whole or not at all (getrandom(2)).
  if (getrandom(bits.data(), bits.size(), 0) < 0) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  std::string id;
  for (const unsigned char byte : bits) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    id += kDigits[byte >> 4];
    id += kDigits[byte & 15];
  }
  return id;
}

// Looked for this often while there are channels.
std::int64_t expiry_period_us(const Limits& limits) {
  return std::min(kSecondUs, limits.channel_idle_us / 4);
}

}  // namespace

Hub::Hub(Schedule& schedule, const Limits& limits)
    : schedule_(schedule), limits_(limits), expiry_(schedule, [this] { expire(); }) {}

std::optional<std::string> Hub::create(const Scenario& scenario) {
  if (channels_.size() >= limits_.channels) return std::nullopt;
  if (channels_.empty()) expiry_.set(schedule_.now_us() + expiry_period_us(limits_));
  const auto [channel, created] = channels_.try_emplace(random_id(), scenario, schedule_, limits_);
  return channel->first;
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
