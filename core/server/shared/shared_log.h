// A channel's log in a store that several servers share. Its window is what this server has heard;
// what it did not hear it reads.
//
// One server at a time plays the scenario: the store says which one, and that another does within
// three seconds after its end. All of them know when messages are due, and the store takes each of
// them once, so that it does no harm when two believe it is their turn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/scenario.h"
#include "core/server/limits.h"
#include "core/server/log.h"
#include "core/server/schedule.h"
#include "core/server/shared/shared_neighbours.h"
#include "core/server/shared/shared_store.h"

namespace playground::server {

class SharedLog final : public Log, private SharedStore::Follower {
 public:
  // Store and schedule must outlive the log. `server` is what readers know this server by;
  // `channel` is what the store has of it.
  SharedLog(SharedStore& store, Schedule& schedule, const Limits& limits, std::string server,
            std::string id, const Scenario& scenario, StoredChannel channel);
  ~SharedLog();

  // Log
  std::uint64_t first() const override;
  void append(std::int64_t sent_us, std::string_view payload, Appended done) override;
  bool append_due(std::uint64_t index, std::int64_t due_us, const Scenario& scenario) override;
  void read(std::uint64_t after, Read done) override;
  void forget() override;
  std::string trouble() const override { return trouble_; }

 private:
  Neighbours* find_neighbours() override { return &neighbours_; }
  std::string_view find_server() const override { return server_; }

  // What was asked of the store and is not answered may be answered when this is gone.
  template <typename T, typename Then>
  SharedStore::Done<T> then(Then call) {
    return [call = std::move(call), alive = std::weak_ptr(alive_)](Result<T, StoreError> result) {
      if (!alive.expired()) call(std::move(result));
    };
  }

  struct Due {
    std::uint64_t index;
    std::int64_t due_us;
  };
  struct Waiting {
    std::string epoch;
    std::uint64_t seq;
    Appended done;
  };
  struct Reading {
    std::uint64_t after;
    Read done;
  };

  // SharedStore::Follower
  void on_hearing() override;
  void on_message(std::string_view epoch, StoredMessage message) override;
  void on_change() override { look(); }
  void on_end() override;
  void on_word(std::string_view text) override { neighbours_.on_word(text); }

  void look();
  void take(const Result<StoredState, StoreError>& answer);
  void take(StoredState state);
  void begin_again();
  void say(std::string trouble);
  void fill();
  void filled(Result<SharedStore::Page, StoreError> page, std::uint64_t stored);
  // Of the scenario's the payload follows from the number.
  void append_to(LogWindow& messages, const StoredMessage& message) const;
  void take(const StoredMessage& message);
  void arrived();
  void play();
  void read_page(Reading reading);

  SharedStore& store_;
  Schedule& schedule_;
  const std::string server_;
  const std::string id_;
  const Scenario scenario_;
  const std::string owner_;
  const std::size_t bytes_;  // of payloads, at most
  const std::int64_t start_us_;
  std::uint64_t first_;      // of the messages in the store, as far as known
  std::uint64_t top_;        // of what the store had at the last look
  std::uint64_t played_;     // of the scenario, in the log
  std::uint64_t asked_ = 0;  // of the scenario, last given to the store
  std::size_t in_flight_ = 0;
  bool mine_;
  bool over_ = false;  // ended
  bool filling_ = false;
  bool looking_ = false;
  bool look_again_ = false;
  std::string trouble_;
  std::deque<StoredMessage> ahead_;  // heard while filling
  std::deque<Due> due_;              // of the scenario, not in the log
  std::vector<Waiting> waiting_;     // in the store, not in the window
  std::vector<Reading> unread_;      // while the store did not answer
  SharedNeighbours neighbours_;
  Alarm keep_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace playground::server
