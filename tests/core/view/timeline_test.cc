#include "core/view/timeline.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

namespace playground::view {
namespace {

using Catch::Matchers::WithinAbs;

constexpr Micros kNow = 100'000'000;
const Frame kFrame{kNow, 10'000'000, 1000, 70};

constexpr int kSse = 2;
constexpr int kInk = static_cast<int>(Role::kInk);
constexpr int kMuted = static_cast<int>(Role::kMuted);

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
        next();  // how strong
        const double align = next();
        const std::string& text = list.texts().at(static_cast<std::size_t>(next()));
        const double x = next();
        const double width = text_width(text);
        words.push_back({text, align < 0 ? x : x - width, align < 0 ? x + width : x, next()});
        continue;
      }
      const int before_count[] = {0, 3, 2, 2, 0};
      const int each[] = {0, 4, 2, 4, 9};
      double dash = 0;  // of lines, what comes last before their count
      for (int skip = 0; skip < before_count[operation]; ++skip) dash = next();
      const int count = static_cast<int>(next());
      shapes[{operation, role}] += count;
      for (int shape = 0; shape < count; ++shape) {
        std::vector<double> numbers;
        for (int k = 0; k < each[operation]; ++k) numbers.push_back(next());
        for (const double number : numbers) all_finite = all_finite && std::isfinite(number);
        if (operation == 1)
          drawn.push_back({role, dash, numbers[0], numbers[1], numbers[2], numbers[3]});
        // Of messages, which have the lane's colour or ink; dots with their radius (in `dash`).
        if (role == kSse || role == kInk || role == kMuted) {
          const double radius = operation == 2 ? dash : 0;
          if (operation == 1 && numbers[0] != numbers[2]) {
            highest_message = std::min({highest_message, numbers[1], numbers[3]});
          }
          if (operation == 2) highest_message = std::min(highest_message, numbers[1] - radius);
          if (operation == 4) highest_message = std::min({highest_message, numbers[2], numbers[4]});
        }
        // Of a quadrilateral, the lower side: where its messages landed.
        if (operation == 4) widest_landing = std::max(widest_landing, numbers[5] - numbers[7]);
      }
    }
  }
  int lines(int role) { return shapes[{1, role}]; }
  int dots(int role) { return shapes[{2, role}]; }
  int bars(int role) { return shapes[{3, role}]; }
  int quads(int role) { return shapes[{4, role}]; }

  struct Line {
    int role;
    double dash;
    double x1, y1, x2, y2;
  };
  // The only one of this colour.
  Line line(int role) const {
    const auto of_role = [&](const Line& each) { return each.role == role; };
    REQUIRE(std::count_if(drawn.begin(), drawn.end(), of_role) == 1);
    return *std::find_if(drawn.begin(), drawn.end(), of_role);
  }

  std::map<std::pair<int, int>, int> shapes;
  std::vector<Line> drawn;
  struct Word {
    std::string text;
    double left, right, row;
  };
  std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const Word& each : words) texts.push_back(each.text);
    return texts;
  }
  // Moments without words, by their place.
  std::vector<double> ticks(double height) const {
    std::vector<double> ticks;
    for (const Line& each : drawn) {
      if (each.x1 == each.x2 && each.y2 == height && each.y1 > 0) ticks.push_back(each.x1);
    }
    return ticks;
  }
  std::vector<Word> words;
  bool all_finite = true;
  double highest_message = 1e9;
  double widest_landing = 0;
};

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

// A window of ten seconds over 1000 pixels: 100 pixels a second. Zoomed in to two: 500. Scrolled
// back by three seconds: 300 pixels to the right.
struct View {
  const char* name;
  Frame frame;
  double left;        // what the message sent 3.5 s before kNow has at the upper row
  double per_second;  // pixels
};

const View kViews[] = {
    {"steady", {kNow, 10'000'000, 1000, 70}, 650, 100},
    {"moved on by a frame", {kNow + 16'000, 10'000'000, 1000, 70}, 648.4, 100},
    {"zoomed in", {kNow, 5'000'000, 1000, 70}, 300, 200},
    {"zoomed out", {kNow, 60'000'000, 1200, 70}, 1130, 20},
    {"scrolled back", {kNow - 3'000'000, 10'000'000, 1000, 70}, 950, 100},
    {"narrow and high", {kNow, 10'000'000, 300, 200}, 195, 30},
};

TEST_CASE("a message sent at t that arrives at t + d is a line between these two points") {
  Scene scene;
  scene.message(1, kNow - 3'500'000, 250'000);
  for (const View& view : kViews) {
    CAPTURE(view.name);
    const Picture::Line line = scene.picture(view.frame).line(kSse);
    CHECK_THAT(line.x1, WithinAbs(view.left, 0.01));
    CHECK(line.y1 == kSentRow);
    CHECK_THAT(line.x2, WithinAbs(view.left + 0.25 * view.per_second, 0.01));
    CHECK(line.y2 == view.frame.height - kArrivalRow);
    CHECK(line.dash == 0);
  }
}

TEST_CASE("what the page says is a dashed line up, from when it was said to when it was sent on") {
  Scene scene;
  scene.message(1, kNow - 3'500'000, 250'000);
  scene.track.said(kNow - 3'900'000, kNow - 3'500'000, kNow - 3'250'000);
  for (const View& view : kViews) {
    CAPTURE(view.name);
    const Picture::Line line = scene.picture(view.frame).line(kInk);
    CHECK_THAT(line.x1, WithinAbs(view.left - 0.4 * view.per_second, 0.01));
    CHECK(line.y1 == view.frame.height - kArrivalRow);
    CHECK_THAT(line.x2, WithinAbs(view.left, 0.01));
    CHECK(line.y2 == kSentRow);
    CHECK(line.dash > 0);
  }
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

TEST_CASE("of two words that would touch, the newer one stays, and the older moment keeps a tick") {
  Scene scene;
  scene.track.mark("silent 2.0 s", true, kNow - 5'000'000);
  scene.track.mark("long polling", true, kNow - 4'950'000);
  scene.track.mark("far away", false, kNow - 2'000'000);
  const Picture picture = scene.picture();
  CHECK(picture.texts() == std::vector<std::string>{"far away", "long polling"});
  CHECK(picture.ticks(kFrame.height) == std::vector<double>{500.5});
  // From nearer there is room for both, and from farther away for the newest.
  CHECK(scene.picture({kNow - 4'900'000, 200'000, 1000, 70}).words.size() == 2);
  CHECK(scene.picture({kNow, 120'000'000, 1000, 70}).texts() ==
        std::vector<std::string>{"far away"});
}

TEST_CASE("what happens at one moment is said together, each word once, where there is room") {
  Scene scene;
  scene.track.mark("refusals", true, kNow - 5'000'000);
  scene.track.mark("cut", true, kNow - 4'999'000);
  scene.track.mark("cut", true, kNow - 4'980'000);
  CHECK(scene.picture().texts() == std::vector<std::string>{"refusals, cut"});
  CHECK(scene.picture().ticks(kFrame.height).empty());
  scene.track.mark("long polling", true, kNow - 4'000'000);
  CHECK(scene.picture({kNow, 10'000'000, 600, 70}).texts() ==
        std::vector<std::string>{"long polling", "cut"});
}

TEST_CASE("at the right edge a word stands to the left of its moment") {
  Scene scene;
  scene.track.mark("long polling", true, kNow - 100'000);
  const Picture picture = scene.picture();
  REQUIRE(picture.words.size() == 1);
  CHECK(picture.words[0].right < 990);
}

// A row in pixels, of letters with a base line there: what hangs below it, and the edge that keeps
// words legible.
constexpr double kBelowLetters = 3 + 1.75;
constexpr double kAboveLetters = 9;

TEST_CASE("words lie neither on one another nor on messages, however much happens") {
  const char* const kWords[] = {"cut",          "refusals",       "silent 2.0 s → SSE over fetch",
                                "long polling", "refusals ends",  "trying an NDJSON stream",
                                "503",          "Upgrade refused"};
  for (const Micros apart : {2'000, 20'000, 300'000, 3'000'000}) {
    for (const Micros between_marks : {7'000, 150'000, 900'000, 2'500'000}) {
      Scene scene;
      std::size_t number = 0;
      for (Micros at = kNow - 12'000'000; at < kNow + 2'000'000; at += between_marks) {
        scene.track.mark(kWords[number % std::size(kWords)], number % 3 == 0, at);
        ++number;
      }
      std::uint64_t seq = 0;
      for (Micros at = kNow - 12'000'000; at < kNow + 2'000'000; at += apart) {
        scene.message(++seq, at, 400'000);
      }
      scene.track.trouble_comes(Trouble{kNow + 3'000'000, std::nullopt, "Upgrade refused"});
      for (const Micros moved : {0, 16'000, 777'000, 1'500'000}) {
        for (const double width : {300.0, 860.0}) {
          const Frame frame{kNow + moved, 10'000'000, width, 68};
          CAPTURE(apart, between_marks, moved, width);
          Picture picture = scene.picture(frame);
          REQUIRE_FALSE(picture.words.empty());
          CHECK(picture.words[0].text ==
                (moved < 1'000'000 ? "Upgrade refused in 3 s" : "Upgrade refused in 2 s"));
          std::vector<Picture::Word> words = picture.words;
          std::sort(words.begin(), words.end(),
                    [](const auto& a, const auto& b) { return a.left < b.left; });
          for (std::size_t i = 0; i < words.size(); ++i) {
            CHECK(words[i].row - kAboveLetters >= 0);
            CHECK(words[i].row + kBelowLetters <= picture.highest_message);
            CHECK(words[i].right <= width);
            if (i > 0) CHECK(words[i - 1].right < words[i].left);
            // Nor does the line of a moment go through them.
            for (const Picture::Line& line : picture.drawn) {
              if (line.role == static_cast<int>(Role::kGrid) || line.x1 != line.x2) continue;
              if (line.y1 > words[i].row + kBelowLetters) continue;
              CHECK((line.x1 < words[i].left || line.x1 > words[i].right));
            }
          }
        }
      }
    }
  }
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
  CHECK(scene.picture().texts() == std::vector<std::string>{"stall in 3 s"});
  scene.track.trouble_comes(Trouble{kNow, std::nullopt, "stall"});
  CHECK(scene.picture().words.empty());
  scene.track.trouble_comes(std::nullopt);
  CHECK(scene.picture().words.empty());
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
