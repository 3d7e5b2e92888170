// Where servers that share channels keep them: logs, who plays a channel, what is wrong with it;
// and how word gets from one server to the others. Redis in earnest (native_server/redis/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace playground::server {

enum class StoreError : std::uint8_t {
  kUnavailable,  // nobody answers, or only one who may not write
  kFull,         // there is no room for more
  kNone,         // there is no such channel: it never began, has expired, or was lost
  kEnded,        // it was ended
  kLeftOut,      // another message of the scenario comes first
  kTooMany,      // the owner has as many channels as it may
};

struct StoredMessage {
  std::uint64_t seq = 0;
  std::uint64_t index = 0;  // in the scenario, from 1, which also says its payload; 0: a reader's
  std::int64_t sent_us = 0;
  std::string payload = {};  // a reader's
};

struct StoredState {
  std::string epoch;
  std::uint64_t first = 1;   // of the messages it holds; last + 1 where there are none
  std::uint64_t last = 0;    // ever
  std::uint64_t played = 0;  // index of the scenario's last message in it
  std::uint64_t faults = 0;  // how often they have changed
  bool mine = false;         // whether this server plays the scenario
  std::int64_t start_us = 0;
};

struct StoredFault {
  std::uint64_t number = 0;
  std::string text;  // empty: one of the scenario's, lifted
};

struct StoredChannel {
  std::string scenario;  // JSON
  StoredState state;
  std::vector<StoredFault> faults;
  std::string owner = {};
};

class SharedStore {
 public:
  // Whoever follows a channel hears of what happens to it, in order.
  class Follower {
   public:
    // It hears from now on. What happened before, perhaps while it could not hear, it has to ask
    // for.
    virtual void on_hearing() = 0;
    virtual void on_message(std::string_view epoch, StoredMessage message) = 0;
    // Epoch or faults may be others.
    virtual void on_change() = 0;
    virtual void on_end() = 0;
    // What a server has told all that follow the channel, itself among them.
    virtual void on_word(std::string_view text) = 0;

   protected:
    ~Follower() = default;
  };

  template <typename T>
  using Done = std::function<void(Result<T, StoreError> result)>;

  struct Beginning {
    std::string scenario;
    std::int64_t start_us = 0;
    std::uint64_t played = 0;
    std::uint64_t faults = 0;  // of the scenario
    std::uint64_t number = 0;  // others are numbered from there on
    bool goes_on = false;      // it has begun before: not where it was ended since
    std::string owner = {};
    std::uint64_t of_owner = ~std::uint64_t{0};  // channels it may have; any that goes on
  };
  struct Appended {
    std::string epoch;
    std::uint64_t seq = 0;
  };
  struct Append {
    std::int64_t sent_us = 0;
    std::uint64_t index = 0;
    bool jumps = false;  // messages of the scenario between the last one and this are left out
    std::string_view payload = {};
    std::uint64_t history = 1;                // how many messages the log keeps
    std::uint64_t bytes = ~std::uint64_t{0};  // of readers' payloads in it, but for the newest
  };
  struct Page {
    std::string epoch;
    std::vector<StoredMessage> messages;
  };

  virtual ~SharedStore() = default;

  // This server's, and no other's.
  virtual const std::string& name() const = 0;

  // Every question is answered once, later: where nobody answers within a few seconds, with
  // kUnavailable. They reach the store in the order in which they were asked.

  // The channel, which begins unless there is one.
  virtual void begin(const std::string& id, const Beginning& beginning,
                     Done<StoredChannel> done) = 0;
  virtual void open(const std::string& id, Done<StoredChannel> done) = 0;
  // This server still has the channel: it does not expire, and is this server's to play unless
  // another plays it. To be called every kKeepUs.
  static constexpr std::int64_t kKeepUs = 800'000;
  static constexpr std::int64_t kLeaseUs = 1'700'000;
  static constexpr std::int64_t kExpiryUs = 45'000'000;
  virtual void keep(const std::string& id, Done<StoredState> done) = 0;
  // This server does not have it any more.
  virtual void leave(const std::string& id) = 0;
  virtual void append(const std::string& id, const Append& message, Done<Appended> done) = 0;
  // The oldest messages after `after`, `max` at most.
  virtual void read(const std::string& id, std::uint64_t after, std::size_t max,
                    Done<Page> done) = 0;
  virtual void forget(const std::string& id) = 0;
  // Only the channel that began then; the answer is the same where there is none.
  virtual void end(const std::string& id, std::int64_t start_us, Done<std::uint64_t> done) = 0;
  // `over`: numbers of faults that nobody needs to hear of any more.
  virtual void add_fault(const std::string& id, std::string_view text,
                         const std::vector<std::uint64_t>& over, Done<std::uint64_t> done) = 0;
  virtual void lift_faults(const std::string& id, const std::vector<std::uint64_t>& numbers,
                           Done<std::uint64_t> done) = 0;
  // Tells all that follow the channel; the answer is how many they are.
  virtual void tell(const std::string& id, std::string_view text, Done<std::uint64_t> done) = 0;

  // Of this server's followers of a channel the newest hears; unfollowing is for that one only.
  virtual void follow(const std::string& id, Follower& follower) = 0;
  virtual void unfollow(const std::string& id, const Follower& follower) = 0;

  virtual std::string trouble() const = 0;
};

}  // namespace playground::server
