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

Hub::Hub(Schedule& schedule, const Limits& limits, Metrics& metrics, std::uint64_t seed,
         SharedChannels* shared)
    : schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      random_(seed),
      shared_(shared),
      expiry_(schedule, [this] { expire(); }) {}

void Hub::add(std::string id, std::unique_ptr<Channel> channel, Owners::iterator owner) {
  if (channels_.empty()) expiry_.set(schedule_.now_us() + expiry_period_us(limits_));
  const auto over = channels_.find(id);
  if (over != channels_.end()) erase(over);
  channels_.emplace(std::move(id), Entry{std::move(channel), owner});
}

Hub::Created Hub::create(std::string id, const Scenario& scenario, std::string_view owner) {
  if (channels_.size() >= limits_.channels) return Created::kTooMany;
  const auto of_owner = owners_.try_emplace(std::string(owner), 0).first;
  if (of_owner->second >= limits_.channels_per_address) return Created::kTooManyOfOwner;
  ++of_owner->second;
  auto log = std::make_unique<MemoryLog>(scenario.history, limits_.log_payload_bytes,
                                         random_.digits(kEpochDigits));
  add(std::move(id),
      std::make_unique<Channel>(scenario, schedule_, limits_, metrics_, std::move(log)), of_owner);
  return Created::kYes;
}

void Hub::create(std::string id, const Scenario& scenario, std::string_view owner,
                 std::function<void(Created)> done) {
  if (channels_.size() >= limits_.channels) return done(Created::kTooMany);
  auto& waiting = opening_[id];
  const bool first = waiting.empty();
  // It may wait for what another has asked: where that gets none, this one is still to begin.
  waiting.push_back([this, id, scenario, first, of = std::string(owner), done](Created created) {
    const bool none = created == Created::kNone || created == Created::kTooManyOfOwner;
    if (none && !first) return create(id, scenario, of, done);
    done(created);
  });
  if (!first) return;
  shared_->begin(id, scenario, std::string(owner),
                 [this, id](Opened channel) { opened(id, std::move(channel)); });
}

void Hub::look_up(std::string id, std::function<void(Waited)> done) {
  auto& waiting = opening_[id];
  waiting.push_back([done = std::move(done)](Created created) {
    const bool known = created == Created::kYes || created == Created::kNone ||
                       created == Created::kTooManyOfOwner;  // of whoever wanted to begin it
    done(known ? Waited::kDone : Waited::kInVain);
  });
  if (waiting.size() > 1) return;
  shared_->open(id, [this, id](Opened channel) { opened(id, std::move(channel)); });
}

void Hub::opened(const std::string& id, Opened channel) {
  using Error = SharedChannels::Error;
  const auto waiting = std::move(opening_.extract(id).mapped());
  Created created = Created::kYes;
  if (!channel) {
    created = channel.error() == Error::kFull      ? Created::kFull
              : channel.error() == Error::kNone    ? Created::kNone
              : channel.error() == Error::kTooMany ? Created::kTooManyOfOwner
                                                   : Created::kUnavailable;
  } else if (over_) {
    created = Created::kUnavailable;
  } else if (channels_.size() >= limits_.channels) {
    created = Created::kTooMany;
  } else {
    add(id,
        std::make_unique<Channel>(
            channel->scenario, schedule_, limits_, metrics_, std::move(channel->log),
            Publisher::Begun{channel->start_us, channel->played}, channel->faults),
        owners_.end());
  }
  for (const auto& done : waiting) done(created);
}

Channel* Hub::find(std::string_view id) {
  const auto found = channels_.find(id);
  if (found == channels_.end() || found->second.channel->has_ended()) return nullptr;
  return found->second.channel.get();
}

bool Hub::outlived(std::string_view id) const { return outlived_.find(id) != outlived_.end(); }

bool Hub::remove(std::string_view id) {
  const auto found = channels_.find(id);
  if (found == channels_.end()) return false;
  erase(found);
  return true;
}

void Hub::remove(std::string_view id, std::function<void(bool ended)> done) {
  const auto found = channels_.find(id);
  if (found == channels_.end()) return done(true);
  shared_->end(
      found->first, found->second.channel->start_us(),
      [this, id = found->first, start_us = found->second.channel->start_us(),
       done = std::move(done)](bool ended) {
        const auto still = channels_.find(id);
        if (ended && still != channels_.end() && still->second.channel->start_us() == start_us) {
          erase(still);
        }
        done(ended);
      });
}

void Hub::end() {
  over_ = true;
  channels_.clear();
  owners_.clear();
}

Hub::Channels::iterator Hub::erase(Channels::iterator entry) {
  const auto owner = entry->second.owner;
  if (owner != owners_.end() && --owner->second == 0) owners_.erase(owner);
  return channels_.erase(entry);
}

std::size_t Hub::readers() const {
  return std::accumulate(metrics_.readers.begin(), metrics_.readers.end(), std::size_t{0});
}

void Hub::expire() {
  for (auto entry = channels_.begin(); entry != channels_.end();) {
    const Channel& channel = *entry->second.channel;
    if (channel.outlived()) {
      outlived_order_.push_back(outlived_.insert(entry->first));
      if (shared() && !channel.has_ended()) {
        shared()->end(entry->first, channel.start_us(), [](bool) {});
      }
    }
    const bool over = channel.outlived() || channel.has_ended() || channel.idle();
    entry = over ? erase(entry) : std::next(entry);
  }
  for (; outlived_order_.size() > limits_.channels; outlived_order_.pop_front()) {
    outlived_.erase(outlived_order_.front());
  }
  if (!channels_.empty()) expiry_.set(schedule_.now_us() + expiry_period_us(limits_));
}

}  // namespace playground::server
