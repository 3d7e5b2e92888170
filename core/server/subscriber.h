// A reader of a channel's stream: a cursor into the log, not a queue. A slow one holds no message;
// one that falls off the log's end is told so and goes on from what there is.
#ifndef PLAYGROUND_CORE_SERVER_SUBSCRIBER_H_
#define PLAYGROUND_CORE_SERVER_SUBSCRIBER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/record.h"
#include "core/server/session.h"
#include "core/server/wire_format.h"

namespace playground::server {

class Channel;

class Subscriber : public Session {
 public:
  // `cursor` is the last message the reader has. The channel outlives the subscriber or ends it.
  // With `control_ids` its greeting and heartbeats carry an id, as broken servers give them.
  Subscriber(Channel& channel, WireFormat format, std::uint64_t cursor, bool control_ids = false);
  ~Subscriber() override;
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  void begin(Outlet& outlet, std::string head) override;
  void on_writable() override;

  WireFormat format() const { return format_; }

  // Sends what the log holds beyond the cursor, as far as goes.
  void flush() { send_from_log({}); }

  // Sends a record about the stream; one that is behind has no need of a heartbeat. `encoded` may
  // be what other subscribers of the same format get.
  void send_heartbeat(const Heartbeat& heartbeat, std::string& encoded);

  // Leaves the channel, which must not be used any more.
  void end() override;

 protected:
  Channel* channel() { return channel_; }
  void push(std::string_view bytes) { outlet_->push({bytes}); }
  // Sends `last_bytes` and leaves the channel.
  void finish(std::string_view last_bytes);

 private:
  void send_from_log(std::string lead);
  std::optional<std::uint64_t> control_id() const;

  Channel* channel_;  // null: ended
  Outlet* outlet_ = nullptr;
  std::uint64_t cursor_;
  WireFormat format_;
  bool blocked_ = false;
  const bool control_ids_;
};

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_SUBSCRIBER_H_
