// The log of a channel, wherever it is kept: in this process, or on another machine that answers
// later.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "core/scenario.h"
#include "core/server/log_window.h"

namespace playground::server {

class Neighbours;
// Whether this program can share channels with others (shared_channels.h). One that cannot leaves
// out what only those need: wasm/alone.cc says so in place of may_share.cc.
extern const bool kMayShare;

// Why a message is not in the log.
enum class AppendError : std::uint8_t {
  kUnavailable,  // where it is kept, nobody answers
  kFull,         // where it is kept, there is no room
};

constexpr std::string_view to_text(AppendError error) {
  return error == AppendError::kFull ? "the channel's log has no room for a message"
                                     : "the channel's log is not available";
}

class Log {
 public:
  class Listener {
   public:
    // The window has moved on, by a message from here or from elsewhere.
    virtual void arrived() = 0;
    // The log has begun anew: window and epoch are those of another life.
    virtual void begun_anew() = 0;
    // The channel has been ended, on another server.
    virtual void ended() = 0;
    // trouble() is another.
    virtual void trouble_changed() = 0;

   protected:
    ~Listener() = default;
  };

  virtual ~Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Must outlive the log, and be set before anything is asked of it.
  void set_listener(Listener& listener) { listener_ = &listener; }

  // The newest messages: what readers get without asking the log. It changes only right before the
  // listener is called, or with forget().
  LogWindow& window() { return window_; }
  const LogWindow& window() const { return window_; }
  std::uint64_t last() const { return window_.last(); }
  const std::string& epoch() const { return window_.epoch(); }
  // What readers know this server by, where the channel may be other servers' as well; else empty.
  std::string_view server() const { return kMayShare ? find_server() : std::string_view(); }

  // The oldest message it holds, as far as is known here; last() + 1 when there is none.
  virtual std::uint64_t first() const = 0;

  // Calls back once each, perhaps before the call returns. What is outstanding when the log begins
  // anew or is destroyed is dropped without a call.
  //
  // `done` gets the number of the message, once it is in the window; or why it is not, and then
  // takes no number.
  using Appended = std::function<void(const Result<std::uint64_t, AppendError>& seq)>;
  virtual void append(std::int64_t sent_us, std::string_view payload, Appended done) = 0;

  // A message of the scenario is due: its `index`th, from 1. A log that several servers play takes
  // it from one of them, and once: whether from this one.
  virtual bool append_due(std::uint64_t /*index*/, std::int64_t due_us, const Scenario& scenario) {
    std::string payload;
    append_payload(scenario, last() + ++not_appended_, payload);
    append(due_us, payload, [this](const auto&) { --not_appended_; });
    return true;
  }

  // For a reader that has fallen behind the window: the oldest messages that follow `after` and
  // come before the window, or as many of them as fit into one answer. Where the answer begins
  // later than asked for, those before are gone; an empty one is at the place from which to go
  // on. Precondition: after + 1 < window().first().
  using Read = std::function<void(LogWindow messages)>;
  virtual void read(std::uint64_t after, Read done) = 0;

  // Drops all it holds.
  virtual void forget() = 0;

  // What keeps messages from coming, as a clause; empty while nothing does.
  virtual std::string trouble() const { return {}; }

  // The other servers that have the channel; null where no other can.
  Neighbours* neighbours() { return kMayShare ? find_neighbours() : nullptr; }

 protected:
  explicit Log(LogWindow window) : window_(std::move(window)) {}
  Listener& listener() const { return *listener_; }
  virtual Neighbours* find_neighbours() { return nullptr; }
  virtual std::string_view find_server() const { return {}; }
  // The listener hears of it; what has been asked and not answered is dropped by whoever calls
  // this.
  void begin_anew(std::string epoch) {
    not_appended_ = 0;
    window_.begin_anew(std::move(epoch));
    listener_->begun_anew();
  }

 private:
  LogWindow window_;
  std::uint64_t not_appended_ = 0;  // messages that were due and that the log has not answered for
  Listener* listener_ = nullptr;
};

}  // namespace playground::server
