#include "core/server/channel.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/poll/batch.h"
#include "core/server/api_text.h"
#include "core/server/held_poll.h"
#include "core/server/subscriber.h"

namespace playground::server {
namespace {

// After a stall everything missed is published, but not all before anyone else has a turn.
constexpr int kMessagesPerTurn = 5000;

}  // namespace

Channel::Channel(const Scenario& scenario, Schedule& schedule, const Limits& limits,
                 Metrics& metrics, std::string epoch)
    : scenario_(scenario),
      schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      epoch_(std::move(epoch)),
      start_us_(schedule.now_us()),
      used_us_(start_us_),
      delivered_us_(start_us_),
      send_times_(scenario_),
      log_(scenario.history, limits.log_payload_bytes, epoch_.empty() ? "" : "-" + epoch_),
      wire_(limits.lanes_per_channel),
      faults_(schedule, scenario.seed, [this] { log_.forget(); }),
      publisher_(schedule, [this] { publish_due(); }),
      heartbeat_(schedule, [this] { beat(); }) {
  for (const Fault& fault : scenario_.faults) faults_.add(fault);
  publisher_.set(start_us_);
  heartbeat_.set(start_us_ + limits_.heartbeat_s * kSecondUs);
}

std::uint64_t Channel::publish(std::string_view payload) {
  const std::uint64_t seq = log_.append(schedule_.now_us(), payload);
  ++metrics_.published;
  deliver();
  return seq;
}

std::optional<std::uint64_t> Channel::cursor(std::string_view text, const Effects& effects) const {
  const std::uint64_t begin = log_.first() - 1;
  if (text.empty()) return begin;
  const std::size_t hyphen = epoch_.empty() ? std::string_view::npos : text.find('-');
  const auto after = parse_whole<std::uint64_t>(text.substr(0, hyphen));
  if (!after) return std::nullopt;
  if (hyphen != std::string_view::npos && text.substr(hyphen + 1) != epoch_) {
    return kForeignCursor;
  }
  // Nobody has what was never published, unless an id on a control record said so.
  if (*after > log_.last() && !effects.control_id) return kForeignCursor;
  const std::uint64_t cursor = std::min(*after, log_.last());
  // Never more than the log has: that would be announced as a gap, which there is none.
  return std::max(cursor - std::min(cursor, effects.replay), std::min(cursor, begin));
}

Channel::Batch Channel::batch(std::uint64_t cursor) const {
  const std::uint64_t dropped = log_.dropped_after(cursor);
  std::optional<Reset> reset;
  if (cursor + 1 < log_.first()) {
    reset = Reset{log_.first(), log_.last()};
    cursor = log_.first() - 1;
  }
  std::string out;
  poll::BatchWriter writer(out);
  writer.begin();
  const std::uint64_t start = cursor;
  for (; cursor < log_.last(); ++cursor) {
    const std::string_view json = log_.json(cursor + 1);
    if (cursor != start && out.size() + json.size() > limits_.batch_bytes) break;
    writer.message(json);
  }
  writer.end(cursor, reset, epoch_);
  return {std::move(out), start, cursor, dropped};
}

void Channel::count_answer(const Batch& batch, Served served) {
  Metrics::ByTransport& counts = metrics_.of(served);
  const std::int64_t now = schedule_.now_us();
  for (std::uint64_t seq = batch.after + 1; seq <= batch.last; ++seq) {
    counts.delay.record(now - log_.sent_us(seq));
  }
  counts.messages += batch.last - batch.after;
  counts.dropped += batch.dropped;
}

std::string Channel::answer(std::uint64_t cursor, Served served) {
  Batch batch = this->batch(cursor);
  count_answer(batch, served);
  return std::move(batch.json);
}

void Channel::count_readers(ByServed& counts) const {
  for (const Subscriber* subscriber : subscribers_) {
    ++counts[static_cast<std::size_t>(served(subscriber->format()))];
  }
  counts[static_cast<std::size_t>(Served::kLongPoll)] += polls_.size();
}

void Channel::add(Subscriber& subscriber) { subscribers_.push_back(&subscriber); }
void Channel::add(HeldPoll& poll) { polls_.push_back(&poll); }

void Channel::remove(Subscriber& subscriber) {
  if (std::erase(subscribers_, &subscriber) > 0) touch();
}

void Channel::remove(HeldPoll& poll) {
  if (std::erase(polls_, &poll) > 0) touch();
}

bool Channel::idle() const {
  return readers() == 0 && schedule_.now_us() - used_us_ >= limits_.channel_idle_us;
}

bool Channel::outlived() const {
  return schedule_.now_us() - start_us_ >= limits_.channel_lifetime_us;
}

void Channel::end() {
  for (Subscriber* subscriber : std::exchange(subscribers_, {})) subscriber->end();
  answer_polls();
  publisher_.cancel();
  heartbeat_.cancel();
}

void Channel::publish_due() {
  const std::int64_t now = schedule_.now_us();
  std::string payload;
  for (int i = 0; i < kMessagesPerTurn && has_more() && due_us() <= now; ++i) {
    payload.clear();
    append_payload(scenario_, log_.last() + 1, payload);
    log_.append(due_us(), payload);
    ++metrics_.published;
    send_times_.advance();
  }
  if (has_more()) publisher_.set(due_us());
  deliver();
}

// A subscriber that turns out to be closed stays in the set until the loop destroys it, so nothing
// here is removed meanwhile.
void Channel::deliver() {
  delivered_us_ = schedule_.now_us();
  for (Subscriber* subscriber : subscribers_) subscriber->flush();
  answer_polls();
}

void Channel::answer_polls() {
  std::optional<std::uint64_t> cursor;
  Batch answer;
  for (HeldPoll* poll : std::exchange(polls_, {})) {
    // Nearly all of them wait for the same message.
    if (cursor != poll->cursor()) {
      cursor = poll->cursor();
      answer = batch(*cursor);
    }
    poll->answer(answer);
  }
}

// Set for the end of a silence that publishing may have broken since.
void Channel::beat() {
  const std::int64_t silence_us = limits_.heartbeat_s * kSecondUs;
  const std::int64_t now = schedule_.now_us();
  if (now - delivered_us_ >= silence_us) {
    delivered_us_ = now;
    std::array<std::string, kWireFormats> encoded;
    for (Subscriber* subscriber : subscribers_) {
      subscriber->send_heartbeat(Heartbeat{now},
                                 encoded[static_cast<std::size_t>(subscriber->format())]);
    }
  }
  heartbeat_.set(delivered_us_ + silence_us);
}

}  // namespace playground::server
