// What the moments of arrival on a stream say about the path: whether something in between holds
// writes back, and how.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace playground::measure {

class ArrivalPattern {
 public:
  // Over this many messages, and again over the next.
  static constexpr std::size_t kWindow = 24;
  // What lies apart by less has come together.
  static constexpr std::int64_t kTogetherUs = 5'000;
  // Less than this is not worth a word.
  static constexpr std::int64_t kLeastHeldUs = 50'000;

  enum class Kind : std::uint8_t {
    kHeld,       // every write comes `duration_us` later than the path takes
    kLumps,      // messages come `count` at a time, every `duration_us`
    kOneBehind,  // each comes when the next one is sent
  };
  struct Finding {
    Kind kind;
    std::int64_t duration_us = 0;
    std::uint64_t count = 0;
  };

  // A message was sent, and has arrived; both in microseconds on one clock. `path_us` is how long
  // the path takes, as far as it is known.
  std::optional<Finding> arrived(std::int64_t sent_us, std::int64_t at_us, std::int64_t path_us);

  // What comes next has nothing to do with what came: another connection.
  void begin_anew() { size_ = 0; }

 private:
  struct Arrival {
    std::int64_t sent_us;
    std::int64_t at_us;
  };

  std::optional<Finding> look(std::int64_t path_us) const;
  std::optional<Finding> lumps() const;
  bool one_behind(std::int64_t path_us) const;

  std::array<Arrival, kWindow> arrivals_;
  std::size_t size_ = 0;
};

}  // namespace playground::measure
