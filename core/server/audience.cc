#include "core/server/audience.h"

#include <array>
#include <optional>
#include <string>

#include "core/server/held_poll.h"
#include "core/server/subscriber.h"

namespace playground::server {

Audience::Audience(Log& log, Schedule& schedule, const Limits& limits, Metrics& metrics)
    : log_(log),
      schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      delivered_us_(schedule.now_us()),
      heartbeat_(schedule, [this] { beat(); }) {
  heartbeat_.set(delivered_us_ + limits_.heartbeat_s * kSecondUs);
}

void Audience::join(Subscriber& subscriber) {
  subscribers_.join(subscriber);
  keepers_ += subscriber.keeps_channel();
  ++metrics_.readers_of(served(subscriber.format()));
}

void Audience::join(HeldPoll& poll) {
  polls_.join(poll);
  ++metrics_.readers_of(Served::kLongPoll);
}

void Audience::leave(Subscriber& subscriber) {
  if (!subscribers_.leave(subscriber)) return;
  keepers_ -= subscriber.keeps_channel();
  --metrics_.readers_of(served(subscriber.format()));
  left_us_ = now_us();
}

void Audience::leave(HeldPoll& poll) {
  if (!polls_.leave(poll)) return;
  --metrics_.readers_of(Served::kLongPoll);
  left_us_ = now_us();
}

void Audience::deliver() {
  delivered_us_ = now_us();
  subscribers_.for_each([](Subscriber& subscriber) { subscriber.flush(); });
  std::optional<std::uint64_t> cursor;
  PollBatch batch;
  polls_.for_each([&](HeldPoll& poll) {
    if (poll.cursor() + 1 < log_.window().first()) return poll.ask();
    // Nearly all of them wait for the same message.
    if (cursor != poll.cursor()) {
      cursor = poll.cursor();
      batch = batch_from(log_, *cursor, limits_.batch_bytes);
    }
    poll.answer(batch);
  });
}

void Audience::begin_anew() {
  subscribers_.for_each([](Subscriber& subscriber) { subscriber.end(); });
  polls_.for_each([](HeldPoll& poll) { poll.begin_anew(); });
}

void Audience::end() {
  subscribers_.for_each([](Subscriber& subscriber) { subscriber.end(); });
  polls_.for_each([](HeldPoll& poll) { poll.end(); });
  heartbeat_.cancel();
}

// Set for the end of a silence that publishing may have broken since.
void Audience::beat() {
  const std::int64_t silence_us = limits_.heartbeat_s * kSecondUs;
  const std::int64_t now = now_us();
  if (now - delivered_us_ >= silence_us) beat_now();
  heartbeat_.set(delivered_us_ + silence_us);
}

void Audience::beat_now() {
  delivered_us_ = now_us();
  const Heartbeat heartbeat{delivered_us_, log_.trouble()};
  std::array<std::string, kWireFormats> encoded;
  subscribers_.for_each([&](Subscriber& subscriber) {
    subscriber.send_heartbeat(heartbeat, encoded[static_cast<std::size_t>(subscriber.format())]);
  });
}

}  // namespace playground::server
