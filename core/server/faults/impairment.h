// What a connection sends through while something is wrong with its path: holds bytes back, delays
// them, paces them, and ends the connection when its time has come. Only impaired connections have
// one; all others send straight to the socket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "core/server/faults/response_path.h"
#include "core/server/schedule.h"

namespace playground::server {

// The connection, as its impairment sees it.
class ImpairedSocket {
 public:
  // Whether the socket takes bytes now; pump() is called when it does again.
  virtual bool writable() const = 0;
  // Precondition: writable(). May end the connection, never the impairment.
  virtual void transmit_now(std::string_view bytes) = 0;
  // There is room again after take() said no, or the last byte of a response has passed. Called
  // from pump() as the last thing: it may destroy the impairment.
  virtual void impairment_moved() = 0;
  virtual void cut(bool reset) = 0;

 protected:
  ~ImpairedSocket() = default;
};

class Impairment {
 public:
  // The most it holds, in bytes of memory; what is beyond must wait with whoever wants to send it.
  static constexpr std::size_t kMaxHeld = 1 << 20;
  // What each piece costs besides its bytes.
  static constexpr std::size_t kPieceCost = 64;

  // All must outlive the impairment.
  Impairment(ResponsePath& path, ImpairedSocket& socket, Schedule& schedule);

  // A response begins: its head passes what holds bodies back.
  void begin_response();
  // Takes all of `bytes`.
  void take(std::string_view bytes);
  bool has_room() const { return held_cost_ < kMaxHeld; }
  // The response has ended: none of it needs to be held until more comes.
  void end_response();

  bool empty() const { return held_cost_ == 0; }
  // Whether it has nothing left to do.
  bool idle() const { return empty() && !swallowing_ && !path_.effects().on_the_path(); }
  // Whether the connection was upgraded while Upgrades were swallowed: it stays so.
  bool swallowing() const { return swallowing_; }

  // The effects have changed, or the socket is writable again.
  void pump();

 private:
  struct Piece {
    std::string bytes;
    std::int64_t due_us;
  };

  void release(std::int64_t now);
  void release_one(std::int64_t now);
  void transmit(std::int64_t now);
  void watch_the_clock(std::int64_t now);

  ResponsePath& path_;
  ImpairedSocket& socket_;
  Schedule& schedule_;
  std::deque<std::string> held_;  // not yet released
  std::size_t held_body_ = 0;     // bytes of them
  std::deque<Piece> travelling_;  // released, and on their path
  std::size_t held_cost_ = 0;     // of both
  std::string head_;              // of a response, while it is not whole
  bool in_head_ = false;
  bool ended_ = false;
  bool swallowing_ = false;
  std::int64_t last_due_us_ = 0;
  std::int64_t paced_until_us_ = 0;
  std::int64_t last_passed_us_;
  std::int64_t began_us_;
  Alarm alarm_;
};

}  // namespace playground::server
