#include "core/server/channel.h"

#include <algorithm>
#include <utility>

#include "core/server/api_text.h"
#include "core/server/exchange.h"
#include "core/server/poll_batch.h"

namespace playground::server {

Channel::Channel(const Scenario& scenario, Schedule& schedule, const Limits& limits,
                 Metrics& metrics, std::unique_ptr<Log> log)
    : Channel(scenario, schedule, limits, metrics, std::move(log), {schedule.now_us()}, {}) {}

Channel::Channel(const Scenario& scenario, Schedule& schedule, const Limits& limits,
                 Metrics& metrics, std::unique_ptr<Log> log, const Publisher::Begun& begun,
                 const std::vector<SharedFault>& faults)
    : scenario_(scenario),
      schedule_(schedule),
      limits_(limits),
      metrics_(metrics),
      start_us_(begun.at_us),
      used_us_(schedule.now_us()),
      wire_(limits.lanes_per_channel),
      log_(std::move(log)),
      faults_(schedule, scenario.seed,
              [this] {
                if (begun_) log_->forget();
              }),
      publisher_(
          scenario_, schedule, begun, [this](std::int64_t due_us) { publish_due(due_us); },
          [this] { deliver(); }),
      audience_(*log_, schedule, limits, metrics),
      due_(begun.published) {
  log_->set_listener(*this);
  for (const Fault& fault : scenario_.faults) faults_.add(fault, start_us_);
  if (Neighbours* neighbours = log_->neighbours()) {
    neighbours->set_listener(*this);
    faults_changed(faults);
  }
  begun_ = true;
}

void Channel::publish(std::string_view payload, Log::Appended done) {
  ++metrics_.published;
  log_->append(schedule_.now_us(), payload, std::move(done));
}

void Channel::publish_due(std::int64_t due_us) {
  in_turn_ = true;
  metrics_.published += log_->append_due(++due_, due_us, scenario_);
}

void Channel::arrived() {
  if (!in_turn_) audience_.deliver();
}

void Channel::begun_anew() { audience_.begin_anew(); }

void Channel::ended() {
  ended_ = true;
  end();
}

void Channel::faults_changed(const std::vector<SharedFault>& faults) {
  if (!kMayShare) return;
  const auto known = [&](std::uint64_t number) {
    return number <= scenario_.faults.size() ||
           std::any_of(faults.begin(), faults.end(),
                       [&](const SharedFault& each) { return each.number == number; });
  };
  for (const std::uint64_t number : faults_.numbers()) {
    if (!known(number)) faults_.lift(number);
  }
  for (const SharedFault& each : faults) {
    if (each.fault) {
      faults_.add_as(each.number, *each.fault, each.since_us);
    } else {
      faults_.lift(each.number);
    }
  }
}

std::string Channel::wire_log(std::string_view query) {
  if (!kMayShare) return {};
  const std::string target = "/?" + std::string(query);
  Reply reply;
  answer_wire_log(wire_, {.method = "GET", .target = target, .fields = {}}, reply);
  return reply.status == 200 ? std::move(reply.body) : std::string();
}

void Channel::deliver() {
  in_turn_ = false;
  audience_.deliver();
}

std::optional<std::uint64_t> Channel::cursor(std::string_view text, const Effects& effects) const {
  const std::uint64_t begin = log_->first() - 1;
  if (text.empty()) return begin;
  const std::size_t hyphen = text.find('-');
  const auto after = parse_whole<std::uint64_t>(text.substr(0, hyphen));
  if (!after) return std::nullopt;
  if (hyphen != std::string_view::npos && text.substr(hyphen + 1) != epoch()) {
    return kForeignCursor;
  }
  // Nobody has what was never published, unless an id on a control record said so.
  if (*after > log_->last() && !effects.control_id) return kForeignCursor;
  const std::uint64_t cursor = std::min(*after, log_->last());
  // Never more than the log has: that would be announced as a gap, and there is none.
  return std::max(cursor - std::min(cursor, effects.replay), std::min(cursor, begin));
}

void Channel::answer(std::uint64_t cursor, Served served,
                     std::function<void(PollBatch batch)> done) {
  read_batch(*log_, cursor, limits_.batch_bytes,
             [this, served, done = std::move(done)](PollBatch batch) {
               count(batch, schedule_.now_us(), metrics_.of(served));
               done(std::move(batch));
             });
}

bool Channel::idle() const {
  const std::int64_t now = schedule_.now_us();
  if (audience_.size() > 0) {
    return !audience_.keeps_channel() && now - used_us_ >= limits_.channel_unasked_us;
  }
  return now - std::max(used_us_, audience_.left_us()) >= limits_.channel_idle_us;
}

bool Channel::outlived() const {
  return schedule_.now_us() - start_us_ >= limits_.channel_lifetime_us;
}

void Channel::end() {
  publisher_.stop();
  audience_.end();
}

}  // namespace playground::server
