// A log that is nothing but its window, and answers at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/server/log.h"

namespace playground::server {

class MemoryLog final : public Log {
 public:
  MemoryLog(std::size_t max_messages, std::size_t max_payload_bytes, std::string epoch = {})
      : Log(LogWindow(max_messages, max_payload_bytes, std::move(epoch))) {}

  std::uint64_t first() const override { return window().first(); }

  void append(std::int64_t sent_us, std::string_view payload, Appended done) override {
    const std::uint64_t seq = window().append(sent_us, payload);
    listener().arrived();
    done(seq);
  }

  void read(std::uint64_t, Read done) override {
    done(LogWindow(0, 0, epoch(), window().first() - 1));
  }

  void forget() override { window().forget(); }
};

}  // namespace playground::server
