// One direction of a connection: what goes in comes out later, whole and in order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "core/simulation/link.h"

namespace playground::simulation {

// How the bytes of a connection end.
enum class PipeEnd : std::uint8_t {
  kFin,    // cleanly
  kReset,  // RST, or nothing got through for so long that TCP gave up
};

class PipeEvents {
 public:
  virtual void on_arrival(std::string_view bytes) = 0;
  // Nothing comes after this.
  virtual void on_arrival_end(PipeEnd end) = 0;
  // For the sender: has_room() is true again.
  virtual void on_drained() = 0;

 protected:
  ~PipeEvents() = default;
};

// What pipes of one transport connection share: bytes arrive in the order in which they were sent,
// whichever of its streams they belong to (a lost one holds all of them up).
using ArrivalOrder = std::array<Micros, 2>;  // by Direction: when the last of them arrives

class Pipe {
 public:
  // What both kernels hold of a stream whose reader is slow or far away.
  static constexpr std::size_t kBufferBytes = 256 * 1024;
  // Linux gives up on a connection after about this long without an answer (tcp_retries2).
  static constexpr Micros kGiveUp = 924'000'000;

  // All must outlive the pipe; `events` must not destroy it from inside any call.
  Pipe(Link& link, Direction direction, server::Schedule& schedule,
       std::shared_ptr<ArrivalOrder> order, PipeEvents& events);

  void send(std::string_view bytes);
  void end(PipeEnd end);
  bool has_room() const { return queued_bytes_ < kBufferBytes; }

  // All bytes ever sent.
  std::uint64_t sent_bytes() const { return sent_bytes_; }

 private:
  struct Piece {
    std::string bytes;
    Micros due;
    bool ends = false;
    PipeEnd end = PipeEnd::kFin;
  };

  void put(std::string_view bytes, std::size_t behind);
  void arrive();
  Micros& last_due() { return (*order_)[static_cast<std::size_t>(direction_)]; }

  Link& link_;
  const Direction direction_;
  server::Schedule& schedule_;
  PipeEvents& events_;
  std::deque<Piece> pieces_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t sent_bytes_ = 0;
  std::shared_ptr<ArrivalOrder> order_;
  bool ended_ = false;
  bool sender_waits_ = false;
  server::Alarm arrival_;
};

}  // namespace playground::simulation
