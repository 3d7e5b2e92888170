#include "core/simulation/pipe.h"

#include <algorithm>
#include <utility>

namespace playground::simulation {

Pipe::Pipe(Link& link, Direction direction, server::Schedule& schedule,
           std::shared_ptr<ArrivalOrder> order, PipeEvents& events)
    : link_(link),
      direction_(direction),
      schedule_(schedule),
      events_(events),
      order_(std::move(order)),
      arrival_(schedule, [this] { arrive(); }) {}

void Pipe::send(std::string_view bytes) {
  if (ended_ || bytes.empty()) return;
  sent_bytes_ += bytes.size();
  if (!link_.segmented(direction_)) {
    put(bytes, 0);
  } else {
    for (std::size_t left = (bytes.size() - 1) / Link::kSegmentBytes + 1; left > 0; --left) {
      const std::string_view segment = bytes.substr(0, Link::kSegmentBytes);
      put(segment, left - 1);
      bytes.remove_prefix(segment.size());
    }
  }
  sender_waits_ = sender_waits_ || !has_room();
}

void Pipe::end(PipeEnd end) {
  if (std::exchange(ended_, true)) return;
  put({}, 0);
  pieces_.back().ends = true;
  pieces_.back().end = end;
}

void Pipe::put(std::string_view bytes, std::size_t behind) {
  last_due() =
      std::max(last_due(), link_.arrival(direction_, bytes.size(), behind, schedule_.now_us()));
  pieces_.push_back({std::string(bytes), last_due()});
  queued_bytes_ += bytes.size();
  if (pieces_.size() == 1) arrival_.set(last_due());
}

// Pieces are taken off before anyone hears of them: whoever hears may send.
void Pipe::arrive() {
  const Micros now = schedule_.now_us();
  if (!link_.up()) {
    const Micros due = pieces_.front().due;
    if (now - due < kGiveUp) {
      last_due() = std::max(last_due(), now);
      return arrival_.set(Link::retransmission(due, link_.timeout(), now));
    }
    pieces_.clear();
    ended_ = true;
    return events_.on_arrival_end(PipeEnd::kReset);
  }
  std::string bytes = std::move(pieces_.front().bytes);
  bool ends = pieces_.front().ends;
  PipeEnd end = pieces_.front().end;
  pieces_.pop_front();
  while (!ends && !pieces_.empty() && pieces_.front().due <= now) {
    bytes += pieces_.front().bytes;
    ends = pieces_.front().ends;
    end = pieces_.front().end;
    pieces_.pop_front();
  }
  queued_bytes_ -= bytes.size();
  if (!pieces_.empty()) arrival_.set(std::max(pieces_.front().due, now));
  if (!bytes.empty()) events_.on_arrival(bytes);
  if (ends) return events_.on_arrival_end(end);
  if (sender_waits_ && has_room()) {
    sender_waits_ = false;
    events_.on_drained();
  }
}

}  // namespace playground::simulation
