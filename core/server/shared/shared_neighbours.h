// What the servers that share a channel tell each other besides its messages: its faults, and what
// each has counted on the wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/server/neighbours.h"
#include "core/server/schedule.h"
#include "core/server/shared/shared_store.h"

namespace playground::server {

AppendError to_append_error(StoreError error);
std::vector<SharedFault> faults_from(const std::vector<StoredFault>& stored);

class SharedNeighbours final : public Neighbours {
 public:
  // Store and schedule must outlive this.
  SharedNeighbours(SharedStore& store, Schedule& schedule, std::string id,
                   const StoredChannel& channel);

  // Neighbours
  void set_listener(Listener& listener) override { listener_ = &listener; }
  void add_fault(const Fault& fault, Added done) override;
  void lift_faults(const std::vector<std::uint64_t>& numbers, Lifted done) override;
  void wire_counts(std::optional<std::string> lane, Answered done) override;
  void wire_log(std::string_view query, Answered done) override;

  // The highest number that a fault of the channel has had, as far as known here.
  std::uint64_t highest_number() const { return highest_; }

  // What a server has told those that follow the channel.
  void on_word(std::string_view text);
  // How often the faults have changed in the store: what has is read.
  void look(std::uint64_t changes);

 private:
  using Answers = std::vector<std::string>;
  struct Question {
    std::string what;
    std::int64_t late_us = 0;
    std::function<void(const Answers&)> done;
    Answers answers = {};
    std::optional<std::uint64_t> heard = {};  // by so many, once the store has said so
  };
  using Questions = std::map<std::string, Question, std::less<>>;

  // Tells `what` to all that follow the channel; `done` gets what they say, this server's included,
  // in a second at most.
  void ask(std::string_view what, std::function<void(const Answers&)> done);
  void settle(Questions::iterator question);
  void settle_late();
  // What this server says.
  std::string answer(std::string_view what) const;
  void read_faults(std::function<void()> done);
  void take(std::vector<SharedFault> faults);

  SharedStore& store_;
  Schedule& schedule_;
  const std::string id_;
  Listener* listener_ = nullptr;
  std::uint64_t changes_;
  std::vector<SharedFault> faults_;
  std::uint64_t highest_ = 0;
  std::uint64_t asked_ = 0;
  Questions questions_;
  Alarm late_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace playground::server
