// One attempt of a lane over one transport, and what has been seen of it. A lane has one attempt
// that delivers, and at times a second one beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/client/feed.h"

namespace playground::client {

class Attempt;

// FeedEvents, with the attempt that they concern. The attempt must not be destroyed from inside any
// of these calls.
class AttemptEvents {
 public:
  virtual ~AttemptEvents() = default;
  virtual void attempt_requested(Attempt& attempt, Micros now) = 0;
  virtual void attempt_opened(Attempt& attempt, Micros now) = 0;
  virtual void attempt_showed_life(Attempt& attempt, Micros now) = 0;
  virtual void attempt_delivered(Attempt& attempt, const Delivered& delivered, Micros now) = 0;
  virtual void attempt_answered(Attempt& attempt, Micros now) = 0;
  virtual void attempt_told_to_wait(Attempt& attempt, Micros now) = 0;
  virtual void attempt_seen(Attempt&, const Seen&, Micros /*now*/) {}
  virtual void attempt_interrupted(Attempt& attempt, Micros now) = 0;
  virtual void attempt_ended(Attempt& attempt, Micros now) = 0;
};

class Attempt final : private FeedEvents {
 public:
  // `events` must outlive the attempt.
  Attempt(std::size_t rung, AttemptEvents& events) : rung_(rung), events_(events) {}
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  // Follows `spec.endpoint` after `cursor`. Called once; `dispatcher` must outlive the attempt.
  void start(const FeedSpec& spec, const Cursor& cursor, Dispatcher& dispatcher, Micros now);
  // No call follows.
  void stop();
  // Feed::send; only while it is open.
  void send(std::string_view text) { feed_->send(text); }

  TransportId transport() const { return transport_; }
  std::size_t rung() const { return rung_; }

  bool opened() const { return opened_; }
  Micros begun_at() const { return begun_at_; }
  // When the newest request was made, or could be sent at last.
  Micros requested_at() const { return waited_until().value_or(requested_at_); }
  // When the newest request could be sent, where it had to wait (Dispatcher::waited_until).
  std::optional<Micros> waited_until() const { return feed_->waited_until(); }
  // Whether it cannot be sent yet, because the page's own connections are all in use.
  bool waits() const { return feed_->waits(); }
  // The newest sign of life; the beginning before there is one.
  Micros last_sign_at() const { return last_sign_at_; }
  bool heard_of() const { return heard_of_; }
  // Whether a request is out that has not been answered (polls).
  bool awaits_answer() const { return awaits_answer_; }
  // When the browser lost the connection it is restoring by itself.
  std::optional<Micros> interrupted_at() const { return interrupted_at_; }
  // The reconnection time that the stream asked for (9.2.5), if it did.
  std::optional<Micros> reconnection_time() const { return reconnection_time_; }
  // The server that it is at, where several share the channel; empty until it has said so.
  const std::string& server() const { return server_; }
  void at_server(std::string_view server) { server_ = server; }
  // Why it ended, once it has.
  const End& end() const { return end_; }

  // The newest message that this connection has delivered, or was asked to go on after.
  std::uint64_t position() const { return position_; }
  void move_to(std::uint64_t seq) { position_ = seq; }
  const std::string& last_event_id() const { return feed_->cursor().last_event_id; }

 private:
  // FeedEvents
  void on_request(Micros now) override;
  void on_open(Micros now) override;
  void on_bytes(Micros now) override;
  void on_delivered(const Delivered& delivered, Micros now) override;
  void on_answer(Micros now) override;
  void on_retry(Micros reconnection_time, Micros now) override;
  void on_seen(const Seen& seen, Micros now) override { events_.attempt_seen(*this, seen, now); }
  void on_interrupted(Micros now) override;
  void on_end(const End& end, Micros now) override;

  const std::size_t rung_;
  AttemptEvents& events_;
  TransportId transport_ = {};
  std::unique_ptr<Feed> feed_;
  End end_;
  bool opened_ = false;
  bool awaits_answer_ = false;
  bool heard_of_ = false;
  Micros begun_at_ = 0;
  Micros requested_at_ = 0;
  Micros last_sign_at_ = 0;
  std::optional<Micros> interrupted_at_;
  std::optional<Micros> reconnection_time_;
  std::uint64_t position_ = 0;
  std::string server_;
};

}  // namespace playground::client
