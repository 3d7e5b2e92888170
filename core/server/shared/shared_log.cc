#include "core/server/shared/shared_log.h"

#include <algorithm>
#include <utility>

namespace playground::server {
namespace {

constexpr std::size_t kMessagesPerRead = 256;
// What is heard beyond that while the log reads is read again.
constexpr std::size_t kMaxAhead = 2000;
// Messages of the scenario that are on their way to the store.
constexpr std::size_t kMaxInFlight = 500;

}  // namespace

SharedLog::SharedLog(SharedStore& store, Schedule& schedule, const Limits& limits,
                     std::string server, std::string id, const Scenario& scenario,
                     StoredChannel channel)
    : Log(LogWindow(scenario.history, limits.log_payload_bytes, channel.state.epoch,
                    channel.state.last)),
      store_(store),
      schedule_(schedule),
      server_(std::move(server)),
      id_(std::move(id)),
      scenario_(scenario),
      owner_(channel.owner),
      bytes_(limits.log_payload_bytes),
      start_us_(channel.state.start_us),
      first_(channel.state.first),
      top_(channel.state.last),
      played_(channel.state.played),
      mine_(channel.state.mine),
      neighbours_(store, schedule, id_, channel),
      keep_(schedule, [this] { look(); }) {
  keep_.set(schedule.now_us() + SharedStore::kKeepUs);
  store_.follow(id_, *this);
}

SharedLog::~SharedLog() {
  store_.unfollow(id_, *this);
  if (!over_) store_.leave(id_);
}

std::uint64_t SharedLog::first() const {
  const std::uint64_t kept =
      last() - std::min<std::uint64_t>(last(), scenario_.history) + 1;  // if nothing is forgotten
  return std::min(std::max(first_, kept), window().first());
}

// What happens to the channel

void SharedLog::on_hearing() { look(); }

void SharedLog::on_message(std::string_view of_epoch, StoredMessage message) {
  if (of_epoch != epoch()) return look();
  if (message.seq <= last()) return;
  if (!filling_ && message.seq == last() + 1) {
    take(message);
    return arrived();
  }
  if (ahead_.size() < kMaxAhead) ahead_.push_back(std::move(message));
  fill();
}

void SharedLog::on_end() {
  if (std::exchange(over_, true)) return;
  keep_.cancel();
  listener().ended();
}

// Also says that this server still has the channel.
void SharedLog::look() {
  if (over_) return;
  keep_.set(schedule_.now_us() + SharedStore::kKeepUs);
  // Two at once would say the same, but a change after the first was answered is another.
  if (looking_) {
    look_again_ = true;
    return;
  }
  looking_ = true;
  store_.keep(id_, then<StoredState>([this](const auto& answer) { take(answer); }));
}

void SharedLog::take(const Result<StoredState, StoreError>& answer) {
  looking_ = false;
  if (over_) return;
  if (answer) {
    say({});
    take(*answer);
  } else if (answer.error() == StoreError::kEnded) {
    return on_end();
  } else if (answer.error() == StoreError::kNone) {
    begin_again();
  } else {
    mine_ = false;
    say(std::string(to_text(to_append_error(answer.error()))));
  }
  if (std::exchange(look_again_, false)) look();
}

void SharedLog::take(StoredState state) {
  // It was ended, which was not heard, and another has begun under its name.
  if (state.start_us != start_us_) return on_end();
  mine_ = state.mine;
  if (state.epoch != epoch()) {
    std::erase_if(waiting_, [&](const Waiting& each) { return each.epoch != state.epoch; });
    unread_.clear();
    ahead_.clear();
    first_ = 1;
    top_ = state.last;
    played_ = state.played;
    asked_ = 0;
    begin_anew(state.epoch);
    if (over_) return;
    if (top_ > 0) fill();
  } else if (top_ > last()) {
    // Known since the look before, and still not heard.
    fill();
  }
  first_ = std::max(first_, state.first);
  top_ = state.last;
  neighbours_.look(state.faults);
  for (Reading& reading : std::exchange(unread_, {})) read_page(std::move(reading));
  if (in_flight_ == 0) asked_ = state.played;
  play();
}

void SharedLog::say(std::string trouble) {
  if (trouble == trouble_) return;
  trouble_ = std::move(trouble);
  listener().trouble_changed();
}

// The store has lost it. Whoever comes first begins it anew, in an epoch of its own.
void SharedLog::begin_again() {
  const SharedStore::Beginning beginning{.scenario = to_json(scenario_),
                                         .start_us = start_us_,
                                         .played = played_,
                                         .faults = scenario_.faults.size(),
                                         .number = neighbours_.highest_number(),
                                         .goes_on = true,
                                         .owner = owner_};
  looking_ = true;
  store_.begin(id_, beginning, then<StoredChannel>([this](const auto& channel) {
                 looking_ = false;
                 if (over_) return;
                 if (!channel) return;
                 take(channel->state);
               }));
}

// Messages

void SharedLog::append_to(LogWindow& messages, const StoredMessage& message) const {
  if (message.index == 0) {
    messages.append(message.sent_us, message.payload);
    return;
  }
  std::string payload;
  append_payload(scenario_, message.seq, payload);
  messages.append(message.sent_us, payload);
}

void SharedLog::take(const StoredMessage& message) {
  played_ = std::max(played_, message.index);
  while (!due_.empty() && due_.front().index <= played_) due_.pop_front();
  append_to(window(), message);
}

void SharedLog::arrived() {
  std::vector<Waiting> here;
  for (Waiting& each : std::exchange(waiting_, {})) {
    const bool is_here = each.epoch == epoch() && each.seq <= last();
    (is_here ? here : waiting_).push_back(std::move(each));
  }
  listener().arrived();
  for (const Waiting& each : here) each.done(each.seq);
}

void SharedLog::fill() {
  if (filling_ || over_) return;
  filling_ = true;
  // All up to there was in the store before it reads: what it does not find is gone.
  const std::uint64_t stored = ahead_.empty() ? top_ : std::max(top_, ahead_.front().seq - 1);
  store_.read(id_, last(), kMessagesPerRead,
              then<SharedStore::Page>([this, stored, of_epoch = epoch()](auto page) {
                if (epoch() == of_epoch) return filled(std::move(page), stored);
                filling_ = false;
                if (top_ > last()) fill();
              }));
}

void SharedLog::filled(Result<SharedStore::Page, StoreError> page, std::uint64_t stored) {
  filling_ = false;
  if (!page) {
    ahead_.clear();  // the next look tries again
    return;
  }
  if (page->epoch != epoch()) {
    ahead_.clear();
    return look();
  }
  const std::uint64_t before = last();
  for (const StoredMessage& message : page->messages) {
    if (message.seq <= last()) continue;
    if (message.seq > last() + 1) window().skip(message.seq - 1);
    take(message);
  }
  if (page->messages.empty() && last() < stored) window().skip(stored);
  while (!ahead_.empty() && ahead_.front().seq <= last() + 1) {
    if (ahead_.front().seq > last()) take(ahead_.front());
    ahead_.pop_front();
  }
  const bool more = page->messages.size() == kMessagesPerRead || !ahead_.empty();
  if (last() != before) arrived();
  if (more) fill();
}

// A reader's

void SharedLog::append(std::int64_t sent_us, std::string_view payload, Appended done) {
  const SharedStore::Append message{
      .sent_us = sent_us, .payload = payload, .history = scenario_.history, .bytes = bytes_};
  store_.append(id_, message, then<SharedStore::Appended>([this, done](const auto& appended) {
                  if (!appended) return done(to_append_error(appended.error()));
                  const bool of_this = appended->epoch == epoch();
                  if (of_this && appended->seq <= last()) return done(appended->seq);
                  waiting_.push_back({appended->epoch, appended->seq, done});
                  // Heard soon; unless it is not, which the next look finds out.
                  if (of_this) top_ = std::max(top_, appended->seq);
                }));
}

// The scenario's

bool SharedLog::append_due(std::uint64_t index, std::int64_t due_us, const Scenario&) {
  if (index <= played_) return false;
  due_.push_back({index, due_us});
  // No more than the log would keep.
  if (due_.size() > scenario_.history) due_.pop_front();
  play();
  return mine_;
}

void SharedLog::play() {
  if (!mine_ || over_) return;
  const auto next = std::find_if(due_.begin(), due_.end(), [this](const Due& each) {
    return each.index > std::max(asked_, played_);
  });
  for (auto each = next; each != due_.end() && in_flight_ < kMaxInFlight; ++each) {
    const SharedStore::Append message{.sent_us = each->due_us,
                                      .index = each->index,
                                      .jumps = each == due_.begin(),
                                      .history = scenario_.history,
                                      .bytes = bytes_};
    asked_ = each->index;
    ++in_flight_;
    store_.append(id_, message, then<SharedStore::Appended>([this](const auto& appended) {
                    --in_flight_;
                    if (!appended) {
                      // Those behind it are left out as well; the next look begins with it again.
                      mine_ = false;
                      if (appended.error() == StoreError::kNone) look();
                      return;
                    }
                    if (in_flight_ < kMaxInFlight / 2) play();
                  }));
  }
}

// Reading back

void SharedLog::read(std::uint64_t after, Read done) { read_page({after, std::move(done)}); }

void SharedLog::read_page(Reading reading) {
  // A foreign cursor is before everything.
  const std::uint64_t after = std::max(reading.after + 1, first()) - 1;
  store_.read(id_, after, kMessagesPerRead,
              then<SharedStore::Page>([this, reading, of_epoch = epoch()](const auto& page) {
                if (epoch() != of_epoch) return;  // nobody waits any more
                if (!page) {
                  // Its reader waits until the store answers again.
                  unread_.push_back(reading);
                  return;
                }
                if (page->epoch != epoch()) return look();
                const std::uint64_t end = window().first();
                std::uint64_t begin = end - 1;
                if (!page->messages.empty())
                  begin = std::min(begin, page->messages.front().seq - 1);
                LogWindow messages(kMessagesPerRead, ~std::size_t{0}, epoch(), begin);
                for (const StoredMessage& message : page->messages) {
                  if (message.seq >= end || message.seq != messages.last() + 1) break;
                  append_to(messages, message);
                }
                reading.done(std::move(messages));
              }));
}

void SharedLog::forget() {
  window().forget();
  first_ = last() + 1;
  if (mine_) store_.forget(id_);
}

}  // namespace playground::server
