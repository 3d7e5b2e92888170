// A reader of a channel's stream: a cursor into the log, not a queue. A slow one holds no message;
// one that falls off the log's end is told so and goes on from what there is.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/record.h"
#include "core/server/audience.h"
#include "core/server/roster.h"
#include "core/server/session.h"
#include "core/server/wire_format.h"

namespace playground::server {

class Subscriber : public Session, public Roster<Subscriber>::Seat {
 public:
  struct Manner {
    bool of_lane = false;      // the reader named its lane
    bool control_ids = false;  // greeting and heartbeats carry an id, as from broken servers
  };

  // `cursor` is the last message the reader has. The audience outlives the subscriber or ends it.
  Subscriber(Audience& audience, WireFormat format, std::uint64_t cursor, Manner manner);
  Subscriber(Audience& audience, WireFormat format, std::uint64_t cursor)
      : Subscriber(audience, format, cursor, Manner{}) {}
  ~Subscriber() override;

  void begin(Outlet& outlet, std::string head) override;
  void on_writable() override;

  WireFormat format() const { return format_; }
  // A page whose lanes these are asks about them as well. Where nobody asks, it has left, and a
  // proxy has kept its stream; a WebSocket ends on both sides of a proxy.
  bool keeps_channel() const { return !manner_.of_lane || format_ == WireFormat::kWebSocket; }

  // Sends what the log holds beyond the cursor, as far as it can.
  void flush() { send_from_log({}); }

  // Sends a record about the stream; one that is behind needs no heartbeat. `encoded` may be what
  // other subscribers of the same format get.
  void send_heartbeat(const Heartbeat& heartbeat, std::string& encoded);

  // Leaves the audience, which must not be used any more.
  void end() override;

 protected:
  bool ended() const { return audience_ == nullptr; }
  void push(std::string_view bytes) { outlet_->push({bytes}); }
  bool admit_message() { return outlet_->admit_message(); }
  // Sends `last_bytes` and leaves the audience.
  void finish(std::string_view last_bytes);

 private:
  // What is sent goes after `lead`, in the same packet if it can.
  void send_from_log(std::string lead);
  void send(LogWindow& messages, std::string lead);
  // Asks the log for what its window no longer has; sends that when it answers.
  void read_back(std::string lead);
  void send_older(LogWindow& messages, std::string lead);
  std::optional<std::string> control_id() const;

  Audience* audience_;  // null: ended
  Outlet* outlet_ = nullptr;
  std::uint64_t cursor_;
  // The lead, while the log has not answered; its answer checks whether it is still there.
  std::shared_ptr<std::string> reading_;
  WireFormat format_;
  bool blocked_ = false;
  const Manner manner_;
};

}  // namespace playground::server
