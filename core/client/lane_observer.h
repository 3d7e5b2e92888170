// A lane's states and events, what it asks the run, and who watches it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/client/decision.h"

namespace playground::client {

enum class LaneState : std::uint8_t {
  kIdle,
  kConnecting,  // an attempt is under way and has not delivered
  kLive,        // it has
  kProbing,     // live, and a better transport is tried beside it
  kTrial,       // live, and the better one delivers as well: it must hold before it takes over
  kChecking,    // formally live, but suspect: a new connection is tried beside it
  kWaiting,     // for the next attempt, or for the network
  kClosed,      // for good: the browser gave up (kSseNative), or has nothing on the ladder
};
inline constexpr std::size_t kLaneStateCount = 8;

enum class LaneEvent : std::uint8_t {
  kStart,
  kUnusable,  // the browser has nothing that the ladder needs
  kStop,
  kDelivered,  // a record, or the answer to a poll, over the running transport
  kEnded,
  kDeadline,     // no first record, or silence
  kDue,          // the pause is over
  kInterrupted,  // by the browser, which reconnects by itself
  kRefused,      // the browser does not
  kSuspect,      // a clock says that time has passed unseen
  kSign,         // of life, of the running transport
  kOffline,
  kOnline,
  kProbeDue,
  kProbeDelivered,
  kProbeEnded,
  kProbeDeadline,
  kProbeHeld,
};
inline constexpr std::size_t kLaneEventCount = 18;

// What a lane asks of the run it belongs to.
class LaneContext {
 public:
  virtual ~LaneContext() = default;
  // Whether the browser has it, and the run does not do without it.
  virtual bool has(Feature feature) const = 0;
  // The measured round trip to the server; 0 while it is not known.
  virtual Micros round_trip() const = 0;
  // Whether the server answers ordinary requests, and has done so since `at`. Where it does not, no
  // transport is to blame.
  virtual bool server_answered_since(Micros at) const = 0;
  // An attempt ended badly: the run may want to check that the server and the channel are there.
  virtual void lane_failed(Micros now) = 0;
};

// Who measures a lane, or draws it. Inside these calls the lane may be asked, but not told to act.
class LaneObserver {
 public:
  virtual ~LaneObserver() = default;
  // A request goes out: over the running transport, or over one that is tried beside it.
  virtual void on_request(TransportId transport, bool runs, Micros now) = 0;
  // Bytes have come, over either.
  virtual void on_bytes(bool runs, Micros now) = 0;
  // A connection is open: the running one, or one that is tried beside it.
  virtual void on_open(TransportId transport, bool runs, Micros now) = 0;
  // The running connection: it is over, or its poll is answered; it has ended, or the lane has
  // ended it, and another will take its place.
  virtual void on_over(Micros now) = 0;
  virtual void on_reconnect() = 0;
  // Another one, which has been tried beside it, runs in its place.
  virtual void on_taken_over(TransportId transport, bool open, Micros now) = 0;
  // `fresh`: the connection brings it for the first time. Returns whether another had brought it.
  virtual bool on_item(const Item& item, bool fresh, Micros now) = 0;
  // Of whichever attempt.
  virtual void on_seen(const Seen&, Micros /*now*/) {}
  // What has not come up to this message never will.
  virtual void on_skipped(std::uint64_t up_to) = 0;
  // The channel's numbering begins anew.
  virtual void on_numbered_anew() = 0;
  virtual void on_decision(Decision decision) = 0;
  // An event that cannot happen in this state: nothing was done.
  virtual void on_misstep(LaneState state, LaneEvent event) = 0;
};

}  // namespace playground::client
