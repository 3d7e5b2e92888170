#include "core/view/timeline.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace playground::view {
namespace {

constexpr int kGridLines = 5;
constexpr double kBarHeight = 9;
constexpr double kBarGap = 4;
// Words: their base line, how far they stand from their moment, and the least room between two.
constexpr double kTextSize = 11;
constexpr double kTextRow = 12;
constexpr double kTextGap = 5;
constexpr double kTextsApart = 4;
constexpr double kTickHeight = 6;
constexpr double kOneMoment = 4;   // pixels: marks that are closer look like one
constexpr double kLinesApart = 3;  // pixels per message; below that a density is drawn
constexpr double kBinWidth = 4;
constexpr double kFlockApart = 8;
// Where a message that has not come is cut off.
constexpr double kStubWidth = 5;
constexpr double kStubHeight = 13;

class LanePainter {
 public:
  LanePainter(const Frame& frame, const Track& track, const measure::DeliveryLedger& ledger,
              TransportId asked, const std::deque<Sent>& sent, DisplayList& out)
      : frame_(frame),
        track_(track),
        ledger_(ledger),
        role_(view::role_of(asked)),
        sent_(sent),
        out_(out),
        left_(frame.now - frame.window),
        bottom_(frame.height - kArrivalRow) {}

  void paint() {
    troubles();
    grid();
    spans();
    messages();
    coming();
    marks();
  }

 private:
  double x(Micros at) const { return x_of(frame_, at); }

  void messages() {
    if (!find_visible()) return;
    if (static_cast<double>(visible_) * kLinesApart > frame_.width) {
      density();
    } else {
      waiting();
      lines();
    }
  }

  // The background while something is wrong.
  void troubles() {
    out_.begin_bars(Role::kTrouble, 0.07, 0);
    for (const Trouble& each : track_.troubles()) {
      const double from = std::max(0.0, x(each.begin));
      const double until = std::min(frame_.width, x(each.end.value_or(frame_.now)));
      if (until > from) out_.bar(from, 0, until - from, frame_.height);
    }
  }

  void grid() {
    out_.begin_lines(Role::kGrid, 1, 1);
    for (int i = 1; i < kGridLines; ++i) {
      const double at = std::round(frame_.width * i / kGridLines) + 0.5;
      out_.line(at, 0, at, frame_.height);
    }
  }

  // Connections and requests, pale, under the dots.

  void spans() {
    for (auto span = track_.spans().rbegin(); span != track_.spans().rend(); ++span) {
      const Micros end = span->end.value_or(frame_.now);
      if (end < left_) break;
      this->span(*span, end);
    }
  }

  void span(const Span& span, Micros end) {
    const bool stream = !info(span.transport).polls();
    auto quiet = stream ? span.quiet : decltype(span.quiet){};
    if (!span.end && stream && frame_.now - track_.last_sign() > Track::kQuiet) {
      quiet.emplace_back(track_.last_sign(), frame_.now);
    }
    const Role role = view::role_of(span.transport);
    out_.begin_bars(role, 0.22, kBarHeight / 2);
    Micros from = span.begin;
    for (const auto& [begin, until] : quiet) {
      if (begin > from) bar(from, begin);
      from = until;
    }
    if (end > from || quiet.empty()) bar(from, end);
    if (quiet.empty()) return;
    out_.begin_lines(role, 0.75, 1.5, 4);
    for (const auto& [begin, until] : quiet) {
      if (until > left_) out_.line(std::max(0.0, x(begin)), bottom_, x(until), bottom_);
    }
  }

  // A little shorter than it was, so that requests one after another stay apart.
  void bar(Micros from, Micros until) {
    if (until < left_ || from > frame_.now) return;
    const double begin = std::max(-kBarHeight, x(from));
    const double end = std::min(x(until) - kBarGap, frame_.width + kBarHeight);
    const double width = std::max(kBarHeight, end - begin);
    out_.bar(begin, bottom_ - kBarHeight / 2, width, kBarHeight);
  }

  // Messages

  // How many of the newest arrivals can be seen. Those that arrived left of the edge cannot.
  bool find_visible() {
    const auto& arrivals = track_.arrivals();
    const auto first =
        std::partition_point(arrivals.begin(), arrivals.end(),
                             [&](const Arrival& each) { return each.arrived < left_; });
    const auto last = std::partition_point(
        first, arrivals.end(), [&](const Arrival& each) { return each.arrived <= frame_.now; });
    first_ = static_cast<std::size_t>(first - arrivals.begin());
    visible_ = static_cast<std::size_t>(last - first);
    return visible_ > 0 || !sent_.empty();
  }

  template <typename Draw>
  void each_visible(Draw draw) {
    // A deque's iterator moves on faster than an index finds the element.
    const auto first = track_.arrivals().begin() + static_cast<std::ptrdiff_t>(first_);
    std::for_each(first, first + static_cast<std::ptrdiff_t>(visible_), draw);
  }

  void lines() {
    out_.begin_lines(role_, 0.62, 1.1);
    each_visible(
        [&](const Arrival& each) { out_.line(x(each.sent), kSentRow, x(each.arrived), bottom_); });
    const double room = frame_.width / static_cast<double>(std::max<std::size_t>(visible_, 1));
    out_.begin_dots(Role::kInk, 0.72, std::clamp(room * 0.2, 1.1, 1.7));
    each_visible([&](const Arrival& each) { out_.dot(x(each.sent), kSentRow); });
    out_.begin_dots(role_, 1, std::clamp(room * 0.4, 1.8, 4.0));
    each_visible([&](const Arrival& each) { out_.dot(x(each.arrived), bottom_); });
    said();
  }

  // What the page itself said: up, to where it becomes a message like the others.
  void said() {
    if (track_.said().empty()) return;
    const auto each_said = [&](auto draw) {
      for (const Said& each : track_.said()) {
        if (each.sent >= left_ && each.at <= frame_.now) draw(each);
      }
    };
    out_.begin_lines(Role::kInk, 0.6, 1.1, 3);
    each_said([&](const Said& each) { out_.line(x(each.at), bottom_, x(each.sent), kSentRow); });
    out_.begin_dots(Role::kInk, 0.85, 2.2);
    each_said([&](const Said& each) { out_.dot(x(each.at), bottom_); });
  }

  // Messages that others have, or that were sent before one that came: stubs that never land.
  void waiting() {
    std::vector<double> at;
    for (auto each = sent_.rbegin(); each != sent_.rend() && each->sent >= left_; ++each) {
      if (each->sent <= frame_.now && !ledger_.has(each->seq)) at.push_back(x(each->sent));
    }
    if (static_cast<double>(at.size()) * kLinesApart > frame_.width) return;
    out_.begin_lines(Role::kMuted, 0.7, 1, 2);
    for (const double from : at)
      out_.line(from, kSentRow, from + kStubWidth, kSentRow + kStubHeight);
    out_.begin_dots(Role::kInk, 0.55, 1.5);
    for (const double from : at) out_.dot(from, kSentRow);
  }

  // Messages sent in one bin's width of time that arrived one after another.
  struct Flock {
    double from = 0;
    std::uint32_t count = 0;
    double first = 0;
    double last = 0;
  };

  void density() {
    // By the moment of sending; what was sent up to a window before the left edge has bins as well.
    // A poll takes messages of one bin now and the rest with the next answer: a new flock begins.
    const auto bins_in_view = static_cast<std::size_t>(frame_.width / kBinWidth) + 1;
    const double last_bin = static_cast<double>(2 * bins_in_view - 1);
    const auto bin_of = [&](double position) {
      const double bin = position * (1 / kBinWidth) + static_cast<double>(bins_in_view);
      return static_cast<std::size_t>(std::clamp(bin, 0.0, last_bin));
    };
    // Tens of thousands of messages go through here in a frame: like x(), without its division.
    const double per_micro = frame_.width / static_cast<double>(frame_.window);
    const auto place = [&](Micros at) { return static_cast<double>(at - left_) * per_micro; };
    std::vector<Flock> flying(2 * bins_in_view);
    std::vector<Flock> landed;
    std::vector<std::uint32_t> columns(2 * bins_in_view);
    std::uint32_t most = 1;
    std::uint32_t most_in_column = 1;
    each_visible([&](const Arrival& each) {
      const double arrived = place(each.arrived);
      const std::size_t bin = bin_of(place(each.sent));
      Flock& flock = flying[bin];
      if (flock.count > 0 && arrived - flock.last > kFlockApart) {
        landed.push_back(flock);
        flock.count = 0;
      }
      if (flock.count == 0) {
        flock.from = (static_cast<double>(bin) - static_cast<double>(bins_in_view)) * kBinWidth;
        flock.first = arrived;
      }
      flock.last = arrived;
      most = std::max(most, ++flock.count);
      most_in_column = std::max(most_in_column, ++columns[bin_of(arrived)]);
    });
    landed.insert(landed.end(), flying.begin(), flying.end());

    out_.begin_quads(role_);
    for (const Flock& each : landed) {
      if (each.count == 0) continue;
      out_.quad(0.12 + 0.4 * share(each.count, most), each.from, kSentRow, each.from + kBinWidth,
                kSentRow, each.last + 1, bottom_, each.first - 1, bottom_);
    }
    for (std::size_t i = bins_in_view; i < columns.size(); ++i) {
      if (columns[i] == 0) continue;
      const double from = static_cast<double>(i - bins_in_view) * kBinWidth;
      const double half = 1.5 + 2.5 * share(columns[i], most_in_column);
      out_.quad(0.95, from, bottom_ - half, from + kBinWidth, bottom_ - half, from + kBinWidth,
                bottom_ + half, from, bottom_ + half);
    }
  }

  static double share(std::uint32_t part, std::uint32_t most) {
    return std::sqrt(static_cast<double>(part) / static_cast<double>(most));
  }

  // Words. Of two that would touch, the newer one stays; the older moment keeps a tick.

  // What will go wrong stands at the right edge, where it will come in.
  void coming() {
    const auto& coming = track_.coming();
    if (!coming || coming->begin <= frame_.now) return;
    const Micros seconds = (coming->begin - frame_.now + 999'999) / 1'000'000;
    const std::string text = coming->word + " in " + std::to_string(seconds) + " s";
    const double right = frame_.width - kTextGap;
    if (take(right - text_width(text), right)) word(Role::kTrouble, Align::kRight, text, right);
  }

  void marks() {
    const auto& marks = track_.marks();
    for (auto newest = marks.rbegin(); newest != marks.rend();) {
      if (newest->at < left_ - frame_.window) break;
      const double at = x(newest->at);
      auto older = std::next(newest);
      if (newest->at <= frame_.now) {
        // What looks like one moment has all its words, where there is room for them.
        Mark together = *newest;
        for (; older != marks.rend() && at - x(older->at) < kOneMoment; ++older) {
          if (together.text.find(older->text) != std::string::npos) continue;
          together.text = older->text + ", " + together.text;
          together.trouble = together.trouble || older->trouble;
        }
        if (!mark(together) && !mark(*newest)) tick(*newest);
      }
      newest = older;
    }
  }

  // Answers whether there was room.
  bool mark(const Mark& mark) {
    const double at = place_of(mark);
    const double room = kTextGap + text_width(mark.text);
    // At the right edge a word stands to the left of its moment.
    const bool flip = at + room > frame_.width && at - room > 0;
    if (!flip && at + room > frame_.width) return false;
    if (!take(flip ? at - room : at, flip ? at : at + room)) return false;
    const Role role = role_of(mark);
    out_.begin_lines(role, 0.9, 1.4, 3);
    out_.line(at, 2, at, frame_.height - 2);
    word(role, flip ? Align::kRight : Align::kLeft, mark.text,
         flip ? at - kTextGap : at + kTextGap);
    return true;
  }

  void tick(const Mark& mark) {
    const double at = place_of(mark);
    out_.begin_lines(role_of(mark), 0.9, 1.4);
    out_.line(at, frame_.height - kTickHeight, at, frame_.height);
  }

  double place_of(const Mark& mark) const { return std::round(x(mark.at)) + 0.5; }

  static Role role_of(const Mark& mark) { return mark.trouble ? Role::kTrouble : Role::kMuted; }

  void word(Role role, Align align, std::string_view text, double at) {
    out_.text(role, true, align, text, at, kTextRow);
  }

  // Answers whether that much of the strip was free; now it is not.
  bool take(double from, double until) {
    const auto touches = [&](const auto& other) {
      return from < other.second + kTextsApart && until > other.first - kTextsApart;
    };
    if (std::any_of(taken_.begin(), taken_.end(), touches)) return false;
    taken_.emplace_back(from, until);
    return true;
  }

  const Frame& frame_;
  const Track& track_;
  const measure::DeliveryLedger& ledger_;
  const Role role_;
  const std::deque<Sent>& sent_;
  DisplayList& out_;
  const Micros left_;
  const double bottom_;
  std::size_t first_ = 0;
  std::size_t visible_ = 0;
  std::vector<std::pair<double, double>> taken_;  // of the strip for words
};

}  // namespace

// The widest of the fonts that systems have for their own texts (DejaVu Sans Bold) fits.
double text_width(std::string_view text) {
  const auto is_in = [](std::string_view letters, char letter) {
    return letters.find(letter) != std::string_view::npos;
  };
  double ems = 0;
  for (const char each : text) {
    if ((each & 0xC0) == 0x80) continue;  // UTF-8: the letter has been counted
    if (is_in(" .,:;'!|()-ijlIJ", each)) {
      ems += 0.46;
    } else if (is_in("frt", each)) {
      ems += 0.5;
    } else if ((each >= 'a' && each <= 'z' && !is_in("mw", each)) || (each >= '0' && each <= '9')) {
      ems += 0.72;
    } else {
      ems += is_in("mwMW%@", each) ? 1.11 : 0.87;
    }
  }
  return ems * kTextSize;
}

void draw_lane(const Frame& frame, const Track& track, const measure::DeliveryLedger& ledger,
               TransportId asked, const std::deque<Sent>& sent, DisplayList& out) {
  LanePainter(frame, track, ledger, asked, sent, out).paint();
}

}  // namespace playground::view
