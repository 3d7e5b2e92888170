#include "core/server/faults/impairment.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "core/field_text.h"

namespace playground::server {

// A pace is kept in slices of this length.
constexpr std::int64_t kSliceUs = 20'000;

Impairment::Impairment(ResponsePath& path, ImpairedSocket& socket, Schedule& schedule)
    : path_(path),
      socket_(socket),
      schedule_(schedule),
      last_passed_us_(schedule.now_us()),
      began_us_(last_passed_us_),
      alarm_(schedule, [this] { pump(); }) {
  watch_the_clock(began_us_);
}

void Impairment::begin_response() {
  in_head_ = true;
  ended_ = false;
  swallowing_ = path_.effects().swallow;
  head_.clear();
  began_us_ = schedule_.now_us();
}

// Nothing is sent from in here: whoever sends is in the middle of something.
void Impairment::take(std::string_view bytes) {
  const std::int64_t now = schedule_.now_us();
  const auto hold = [&](std::string_view part) {
    held_.emplace_back(part);
    held_body_ += part.size();
    held_cost_ += part.size() + kPieceCost;
  };
  if (in_head_) {
    const std::size_t before = head_.size();
    head_ += bytes;
    in_head_ = head_.find(kHeadEnd) == std::string::npos;
    const std::size_t part = head_size(head_) - before;
    hold(bytes.substr(0, part));
    release_one(now);
    bytes.remove_prefix(part);
    if (!in_head_) head_.clear();
  }
  if (!bytes.empty() && !swallowing_) hold(bytes);
  alarm_.set(now);
}

void Impairment::end_response() {
  ended_ = true;
  alarm_.set(schedule_.now_us());
}

void Impairment::pump() {
  const std::int64_t now = schedule_.now_us();
  const Effects& effects = path_.effects();
  if ((effects.idle_cut_us != 0 && now >= last_passed_us_ + effects.idle_cut_us) ||
      (effects.flap_us && now >= began_us_ + *effects.flap_us)) {
    return socket_.cut(false);
  }
  if (!effects.stall) {
    release(now);
    transmit(now);
  }
  watch_the_clock(now);
  socket_.impairment_moved();
}

// From what is held to what travels.
void Impairment::release(std::int64_t now) {
  const Effects& effects = path_.effects();
  if (effects.buffer && !ended_ && (*effects.buffer == 0 || held_body_ < *effects.buffer)) return;
  const std::size_t kept = effects.one_behind && !ended_ ? 1 : 0;
  while (held_.size() > kept) release_one(now);
}

// In order, whatever the jitter.
void Impairment::release_one(std::int64_t now) {
  const Effects& effects = path_.effects();
  const double jitter = (path_.random().unit() * 2 - 1) * static_cast<double>(effects.jitter_us);
  last_due_us_ = std::max(last_due_us_, now + effects.delay_us + static_cast<std::int64_t>(jitter));
  held_body_ -= held_.front().size();
  travelling_.push_back({std::move(held_.front()), last_due_us_});
  held_.pop_front();
}

void Impairment::transmit(std::int64_t now) {
  const double pace = path_.effects().bytes_per_s;
  while (!travelling_.empty() && travelling_.front().due_us <= now && socket_.writable()) {
    if (pace > 0 && paced_until_us_ > now) return;
    std::string& front = travelling_.front().bytes;
    std::size_t size = front.size();
    if (pace > 0) {
      const auto slice = static_cast<std::size_t>(pace * static_cast<double>(kSliceUs) / 1e6);
      size = std::min(size, std::max<std::size_t>(1, slice));
      const double us = static_cast<double>(size) / pace * 1e6;
      paced_until_us_ = std::max(paced_until_us_, now - kSliceUs) + std::llround(us);
    }
    held_cost_ -= size;
    last_passed_us_ = now;
    std::string bytes = std::exchange(front, front.substr(size));
    bytes.resize(size);
    if (front.empty()) {
      travelling_.pop_front();
      held_cost_ -= kPieceCost;
    }
    socket_.transmit_now(bytes);
  }
}

void Impairment::watch_the_clock(std::int64_t now) {
  const Effects& effects = path_.effects();
  std::optional<std::int64_t> next;
  const auto want = [&](std::int64_t at) { next = std::min(next.value_or(at), at); };
  if (effects.idle_cut_us != 0) want(last_passed_us_ + effects.idle_cut_us);
  if (effects.flap_us) want(began_us_ + *effects.flap_us);
  if (!effects.stall && !travelling_.empty() && socket_.writable()) {
    want(std::max(travelling_.front().due_us, effects.bytes_per_s > 0 ? paced_until_us_ : now));
  }
  if (next) {
    alarm_.set(std::max(*next, now));
  } else {
    alarm_.cancel();
  }
}

}  // namespace playground::server
