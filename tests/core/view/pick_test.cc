#include "core/view/pick.h"

#include <catch2/catch_test_macros.hpp>

namespace playground::view {
namespace {

constexpr Micros kNow = 100'000'000;
const Frame kFrame{kNow, 10'000'000, 1000, 70};

// Sent a second apart, each half a second on its way: 50 pixels to the right.
Track track_of(std::uint64_t count) {
  Track track;
  for (std::uint64_t seq = 1; seq <= count; ++seq) {
    const Micros sent = kNow - 10'000'000 + static_cast<Micros>(seq) * 1'000'000;
    track.arrival(seq, sent, sent + 500'000);
  }
  return track;
}

TEST_CASE("the message is picked whose line is nearest") {
  const Track track = track_of(9);
  CHECK(pick(kFrame, track, 300, kSentRow)->seq == 3);
  CHECK(pick(kFrame, track, 350, 70 - kArrivalRow)->seq == 3);
  CHECK(pick(kFrame, track, 325, 35)->seq == 3);
  CHECK(pick(kFrame, track, 352, 69)->seq == 3);
  CHECK(pick(kFrame, track, 398, 0)->seq == 4);
}

TEST_CASE("far from every message nothing is picked") {
  Track track;
  CHECK_FALSE(pick(kFrame, track, 300, 30));
  track.arrival(1, kNow - 5'000'000, kNow - 4'900'000);
  CHECK(pick(kFrame, track, 510 + kReach - 1, 55));
  CHECK_FALSE(pick(kFrame, track, 510 + kReach + 1, 55));
}

TEST_CASE(
    "what has not arrived at the right edge cannot be picked, nor what is left of the frame") {
  Track track;
  track.arrival(1, kNow - 12'000'000, kNow - 11'000'000);
  track.arrival(2, kNow - 5'000'000, kNow + 1);
  CHECK_FALSE(pick(kFrame, track, 0, 40));
  CHECK_FALSE(pick(kFrame, track, 500, kSentRow));
}

TEST_CASE("a cursor goes from arrival to arrival and stays at the ends") {
  const Track track = track_of(3);
  CHECK(neighbour(track, 0, 0)->seq == 3);
  CHECK(neighbour(track, 3, -1)->seq == 2);
  CHECK(neighbour(track, 2, 1)->seq == 3);
  CHECK(neighbour(track, 3, 1)->seq == 3);
  CHECK(neighbour(track, 2, -100)->seq == 1);
  CHECK_FALSE(neighbour(Track(), 1, 1));
  CHECK(find_arrival(track, 2)->seq == 2);
  CHECK_FALSE(find_arrival(track, 7));
}

TEST_CASE("the chosen message gets a ring where it can be seen") {
  const Arrival seen{1, kNow - 2'000'000, kNow - 1'000'000};
  DisplayList list;
  draw_choice(kFrame, seen, TransportId::kSse, list);
  CHECK_FALSE(list.numbers().empty());
  list.clear();
  draw_choice(kFrame, {1, kNow - 30'000'000, kNow - 20'000'000}, TransportId::kSse, list);
  CHECK(list.numbers().empty());
}

}  // namespace
}  // namespace playground::view
