#include "core/view/track.h"

namespace playground::view {

void Track::arrival(std::uint64_t seq, Micros sent, Micros now) {
  arrivals_.push_back({seq, sent, now});
  while (arrivals_.size() > kMaxArrivals || arrivals_.front().arrived < now - kMemory) {
    arrivals_.pop_front();
  }
}

void Track::said(Micros at, Micros sent, Micros now) {
  said_.push_back({at, sent});
  while (said_.front().at < now - kMemory) said_.pop_front();
}

void Track::begin_span(TransportId transport, Micros now) {
  end_span(now);
  forget(now);
  spans_.push_back({transport, now, std::nullopt, std::nullopt, {}});
  last_sign_ = now;
}

void Track::span_opened(Micros now) {
  if (spans_.empty() || spans_.back().end || spans_.back().opened) return;
  sign(now);
  spans_.back().opened = now;
}

void Track::bytes(Micros now) { sign(now); }

void Track::end_span(Micros now) {
  if (spans_.empty() || spans_.back().end) return;
  sign(now);
  spans_.back().end = now;
}

void Track::mark(std::string text, bool trouble, Micros now) {
  marks_.push_back({now, std::move(text), trouble});
  forget(now);
}

void Track::trouble_begins(std::string word, Micros now) {
  troubles_.push_back({now, std::nullopt, std::move(word)});
  forget(now);
}

void Track::trouble_ends(std::string_view word, Micros now) {
  for (Trouble& each : troubles_) {
    if (!each.end && (word.empty() || each.word == word)) each.end = now;
  }
}

void Track::sign(Micros now) {
  if (!spans_.empty() && !spans_.back().end && now - last_sign_ > kQuiet) {
    auto& quiet = spans_.back().quiet;
    quiet.emplace_back(last_sign_, now);
    // A connection may live for hours: its old silences go as its old messages do.
    while (quiet.front().second < now - kMemory) quiet.erase(quiet.begin());
  }
  last_sign_ = now;
}

void Track::forget(Micros now) {
  const Micros oldest = now - kMemory;
  while (!spans_.empty() && spans_.front().end && *spans_.front().end < oldest) spans_.pop_front();
  while (!marks_.empty() && marks_.front().at < oldest) marks_.pop_front();
  while (!troubles_.empty() && troubles_.front().end && *troubles_.front().end < oldest) {
    troubles_.pop_front();
  }
}

}  // namespace playground::view
