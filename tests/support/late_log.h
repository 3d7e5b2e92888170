// A log that answers when the test says so, keeps everything, and has a window of a few messages.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/server/log.h"

namespace playground::server {

class LateLog final : public Log {
 public:
  explicit LateLog(std::size_t max_window, std::string epoch = {})
      : Log(LogWindow(max_window, 1 << 20, std::move(epoch))) {}

  std::uint64_t first() const override { return dropped_ + 1; }

  void append(std::int64_t sent_us, std::string_view payload, Appended done) override {
    asked_.push_back([=, this, payload = std::string(payload)] {
      if (!available) return done(AppendError::kUnavailable);
      done(arrive(sent_us, payload));
    });
  }

  void read(std::uint64_t after, Read done) override {
    ++reads;
    asked_.push_back([=, this] {
      const std::uint64_t begin = std::max(after + 1 == 0 ? 0 : after, dropped_);
      LogWindow messages(per_read, 1 << 20, epoch(), begin);
      for (std::uint64_t seq = begin + 1; seq < window().first() && seq <= begin + per_read;
           ++seq) {
        const auto& [sent_us, payload] = all_[static_cast<std::size_t>(seq - 1)];
        messages.append(sent_us, payload);
      }
      done(std::move(messages));
    });
  }

  void forget() override {
    dropped_ = all_.size();
    window().forget();
  }

  // Answers what was asked first; all of it, what is asked meanwhile as well.
  void answer() {
    const auto next = std::move(asked_.front());
    asked_.pop_front();
    next();
  }
  void answer_all() {
    while (!asked_.empty()) answer();
  }
  std::size_t asked() const { return asked_.size(); }

  // A message, from here or from elsewhere. Its number.
  std::uint64_t arrive(std::int64_t sent_us, std::string_view payload) {
    all_.emplace_back(sent_us, payload);
    const std::uint64_t seq = window().append(sent_us, payload);
    listener().arrived();
    return seq;
  }

  // So many at once, of which the readers hear when the last is there.
  void arrive_together(int count) {
    for (int i = 0; i < count; ++i) {
      all_.emplace_back(0, "x");
      window().append(0, "x");
    }
    listener().arrived();
  }

  // The oldest ones are gone, up to this one.
  void drop(std::uint64_t last) { dropped_ = last; }

  void begin_anew(std::string epoch) {
    asked_.clear();
    all_.clear();
    dropped_ = 0;
    Log::begin_anew(std::move(epoch));
  }

  std::size_t per_read = 4;  // messages in one answer
  int reads = 0;
  bool available = true;  // messages are taken

 private:
  std::deque<std::function<void()>> asked_;
  std::vector<std::pair<std::int64_t, std::string>> all_;
  std::uint64_t dropped_ = 0;
};

}  // namespace playground::server
