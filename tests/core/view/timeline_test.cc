#include "core/view/timeline.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::view {
namespace {

constexpr Micros kNow = 100'000'000;
const Frame kFrame{kNow, 10'000'000, 1000, 70};

// The display list taken apart again, as the painter in the page does.
struct Picture {
  explicit Picture(const DisplayList& list) {
    const auto& n = list.numbers();
    std::size_t i = 0;
    const auto next = [&] { return static_cast<double>(n.at(i++)); };
    while (i < n.size()) {
      const int operation = static_cast<int>(next());
      if (operation == 0) {
        next();
        continue;
      }
      const int role = static_cast<int>(next());
      if (operation == 5) {
        for (int skip = 0; skip < 2; ++skip) next();
        labels.push_back(list.texts().at(static_cast<std::size_t>(next())));
        label_rows.push_back((next(), next()));
        continue;
      }
      const int before_count[] = {0, 3, 2, 2, 0};
      const int each[] = {0, 4, 2, 4, 9};
      for (int skip = 0; skip < before_count[operation]; ++skip) next();
      const int count = static_cast<int>(next());
      shapes[{operation, role}] += count;
      for (int shape = 0; shape < count; ++shape) {
        std::vector<double> numbers;
        for (int k = 0; k < each[operation]; ++k) numbers.push_back(next());
        for (const double number : numbers) all_finite = all_finite && std::isfinite(number);
        // Of a quadrilateral, the lower side: where its messages landed.
        if (operation == 4) widest_landing = std::max(widest_landing, numbers[5] - numbers[7]);
      }
    }
  }
  int lines(int role) { return shapes[{1, role}]; }
  int dots(int role) { return shapes[{2, role}]; }
  int bars(int role) { return shapes[{3, role}]; }
  int quads(int role) { return shapes[{4, role}]; }

  std::map<std::pair<int, int>, int> shapes;
  std::vector<std::string> labels;
  std::vector<double> label_rows;
  bool all_finite = true;
  double widest_landing = 0;
};

constexpr int kSse = 2;
constexpr int kInk = static_cast<int>(Role::kInk);
constexpr int kMuted = static_cast<int>(Role::kMuted);

struct Scene {
  Track track;
  measure::DeliveryLedger ledger;
  std::deque<Sent> sent;

  void message(std::uint64_t seq, Micros at, Micros delay) {
    sent.push_back({seq, at});
    ledger.record(seq);
    track.arrival(seq, at, at + delay);
  }
  Picture picture(const Frame& frame = kFrame) {
    DisplayList list;
    list.lane(0);
    draw_lane(frame, track, ledger, TransportId::kSse, sent, list);
    return Picture(list);
  }
};

TEST_CASE("a message is a line with a dot at both ends") {
  Scene scene;
  scene.message(1, kNow - 5'000'000, 80'000);
  Picture picture = scene.picture();
  CHECK(picture.lines(kSse) == 1);
  CHECK(picture.dots(kSse) == 1);
  CHECK(picture.dots(kInk) == 1);
}

TEST_CASE("what arrived left of the edge, or has not happened yet, is not drawn") {
  Scene scene;
  scene.message(1, kNow - 20'000'000, 80'000);
  scene.message(2, kNow - 10'500'000, 1'000'000);  // arrives in view
  scene.message(3, kNow - 50'000, 80'000);  // arrives after the right edge: the past is shown
  CHECK(scene.picture().lines(kSse) == 1);
}

TEST_CASE("a message that has not come is a stub") {
  Scene scene;
  scene.message(1, kNow - 3'000'000, 1000);
  scene.sent.push_back({2, kNow - 2'000'000});
  scene.message(3, kNow - 1'000'000, 1000);
  CHECK(scene.picture().lines(kMuted) == 1);
}

TEST_CASE("many messages become a density, and the drawing stays small") {
  Scene scene;
  for (std::uint64_t seq = 1; seq <= 50'000; ++seq) {
    scene.message(seq, kNow - 10'000'000 + static_cast<Micros>(seq) * 200, 5000);
  }
  Picture picture = scene.picture();
  CHECK(picture.lines(kSse) == 0);
  CHECK(picture.quads(kSse) > 200);
  CHECK(picture.quads(kSse) < 1000);
  CHECK(picture.all_finite);
}

TEST_CASE("in a density, what two polls brought stays two fans") {
  Scene scene;
  // 100 messages/s, and a poll each second that brings those of the second before.
  for (std::uint64_t seq = 1; seq <= 1000; ++seq) {
    const Micros sent = kNow - 10'000'000 + static_cast<Micros>(seq) * 10'000;
    const Micros poll = (sent / 1'000'000 + 1) * 1'000'000;
    scene.message(seq, sent, poll - sent);
  }
  CHECK(scene.picture().widest_landing < 20);
}

TEST_CASE("an open connection is a bar, dashed where it is silent") {
  Scene scene;
  scene.track.begin_span(TransportId::kSse, kNow - 8'000'000);
  scene.track.span_opened(kNow - 7'900'000);
  scene.track.bytes(kNow - 7'000'000);
  CHECK(scene.picture().bars(kSse) == 1);  // up to the silence
  CHECK(scene.picture().lines(kSse) == 1);
  scene.track.bytes(kNow - 1000);
  scene.track.end_span(kNow - 500);
  CHECK(scene.picture().lines(kSse) == 1);
}

TEST_CASE("what took over has its own colour") {
  Scene scene;
  scene.track.begin_span(TransportId::kSse, kNow - 7'000'000);
  scene.track.end_span(kNow - 6'000'000);
  scene.track.begin_span(TransportId::kLongPoll, kNow - 6'000'000);
  Picture picture = scene.picture();
  CHECK(picture.bars(kSse) == 1);
  CHECK(picture.bars(1) == 1);
}

TEST_CASE("labels that would lie on one another go a line lower") {
  Scene scene;
  scene.track.mark("silent 2.0 s", true, kNow - 5'000'000);
  scene.track.mark("long polling", true, kNow - 4'990'000);
  scene.track.mark("far away", false, kNow - 1'000'000);
  Picture picture = scene.picture();
  REQUIRE(picture.labels.size() == 3);
  CHECK(picture.label_rows[0] != picture.label_rows[1]);
  CHECK(picture.label_rows[0] == picture.label_rows[2]);
}

TEST_CASE("a lane of any size can be drawn") {
  Scene scene;
  for (std::uint64_t seq = 1; seq <= 100; ++seq) {
    scene.message(seq, kNow - static_cast<Micros>(seq) * 90'000,
                  30'000'000 / static_cast<Micros>(seq));
  }
  scene.track.mark("a label", true, kNow - 10);
  for (const double width : {1.0, 30.0, 333.3, 4000.0}) {
    for (const double height : {1.0, 44.0, 300.0}) {
      CHECK(scene.picture({kNow, 10'000'000, width, height}).all_finite);
    }
  }
}

TEST_CASE("a track forgets what is older than its memory") {
  Track track;
  for (Micros at = 0; at < 10 * Track::kMemory; at += 1'000'000) {
    track.begin_span(TransportId::kShortPoll, at);
    track.arrival(static_cast<std::uint64_t>(at), at, at);
    track.mark("mark", false, at);
    track.end_span(at + 10);
  }
  CHECK(track.arrivals().size() <= 122);
  CHECK(track.spans().size() <= 122);
  CHECK(track.marks().size() <= 122);
}

TEST_CASE("what the page says is a line up from where it was said, with a dot of its own") {
  Scene scene;
  scene.message(1, kNow - 5'000'000, 20'000);
  const Picture before = scene.picture();
  scene.track.said(kNow - 5'040'000, kNow - 5'000'000, kNow - 4'980'000);
  Picture picture = scene.picture();
  CHECK(picture.lines(kInk) == 1);
  CHECK(picture.dots(kInk) == 2);
  CHECK(Picture(before).dots(kInk) == 1);
  // One that is over before the left edge is not drawn.
  scene.track.said(kNow - 20'000'000, kNow - 19'000'000, kNow - 4'970'000);
  CHECK(scene.picture().lines(kInk) == 1);
}

TEST_CASE("a stretch in which something is wrong has a ground of its own, until it ends") {
  constexpr int kTrouble = static_cast<int>(Role::kTrouble);
  Scene scene;
  CHECK(scene.picture().bars(kTrouble) == 0);
  scene.track.trouble_begins("stall", kNow - 8'000'000);
  scene.track.trouble_begins("delay", kNow - 4'000'000);
  CHECK(scene.picture().bars(kTrouble) == 2);
  scene.track.trouble_ends("stall", kNow - 6'000'000);
  REQUIRE(scene.track.troubles().size() == 2);
  CHECK(scene.track.troubles()[0].end == kNow - 6'000'000);
  CHECK_FALSE(scene.track.troubles()[1].end);
  scene.track.trouble_ends("", kNow - 1'000'000);
  CHECK(scene.track.troubles()[1].end == kNow - 1'000'000);
  CHECK(scene.picture({kNow + 12'000'000, 10'000'000, 1000, 70}).bars(kTrouble) == 0);
}

TEST_CASE("what will go wrong stands at the right edge, with the time until then") {
  Scene scene;
  scene.track.trouble_comes(Trouble{kNow + 2'400'000, std::nullopt, "stall"});
  CHECK(scene.picture().labels == std::vector<std::string>{"stall in 3 s"});
  scene.track.trouble_comes(Trouble{kNow, std::nullopt, "stall"});
  CHECK(scene.picture().labels.empty());
  scene.track.trouble_comes(std::nullopt);
  CHECK(scene.picture().labels.empty());
}

TEST_CASE("on a connection that lasts for hours, old marks are forgotten") {
  Track track;
  track.begin_span(TransportId::kSse, 0);
  for (Micros at = 0; at < 100 * Track::kMemory; at += Track::kMemory / 10) {
    track.mark("delay", true, at);
    track.trouble_begins("delay", at);
    track.trouble_ends("delay", at + 1);
  }
  CHECK(track.marks().size() <= 11);
  CHECK(track.troubles().size() <= 11);
}

}  // namespace
}  // namespace playground::view
