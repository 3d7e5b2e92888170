// What has arrived of a numbered stream: missing, repeated, out of order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

namespace playground::measure {

enum class Arrival {
  kInOrder,    // after everything that came before
  kReordered,  // fills a gap: a later one came first
  kDuplicate,  // had come already
};

class DeliveryLedger {
 public:
  // The most gaps remembered. Beyond that the oldest is closed for good: its messages stay missing,
  // and one that comes after all counts as a duplicate.
  static constexpr std::size_t kMaxGaps = 4096;

  Arrival record(std::uint64_t seq);

  // What has not come up to `seq` is missing from now on: the sender said that it will not come.
  void skip_to(std::uint64_t seq);

  // Before the first: what comes begins after `seq`, and nothing up to there is missing.
  void begin_after(std::uint64_t seq) { highest_ = seq; }
  // Sequence numbers begin again at 1 (a new channel); the counts go on.
  void begin_epoch();

  // Whether this message of the current epoch has come.
  bool has(std::uint64_t seq) const;

  std::uint64_t delivered() const { return delivered_; }  // without duplicates
  std::uint64_t missing() const { return missing_; }
  std::uint64_t duplicate() const { return duplicate_; }
  std::uint64_t reordered() const { return reordered_; }
  // The highest sequence number of this epoch; 0 before the first.
  std::uint64_t highest() const { return highest_; }

 private:
  void open_gap(std::uint64_t first, std::uint64_t last);

  std::map<std::uint64_t, std::uint64_t> gaps_;  // first -> last, both missing
  std::uint64_t highest_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t missing_ = 0;
  std::uint64_t duplicate_ = 0;
  std::uint64_t reordered_ = 0;
};

}  // namespace playground::measure
