#include "core/view/pick.h"

#include <algorithm>
#include <cstddef>

namespace playground::view {
namespace {

constexpr int kRingCorners = 20;
constexpr double kRingRadius = 7.5;
// The cosine and the sine of the angle from one corner to the next.
constexpr double kCosine = 0.9510565162951535;
constexpr double kSine = 0.3090169943749474;

double square(double number) { return number * number; }

// From a point to the line between two others, squared.
double distance(double x, double y, double x1, double y1, double x2, double y2) {
  const double length = square(x2 - x1) + square(y2 - y1);
  const double along =
      length > 0 ? std::clamp(((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length, 0.0, 1.0) : 0;
  return square(x - x1 - along * (x2 - x1)) + square(y - y1 - along * (y2 - y1));
}

}  // namespace

std::optional<Arrival> pick(const Frame& frame, const Track& track, double x, double y) {
  std::optional<Arrival> nearest;
  double least = square(kReach);
  for (auto each = track.arrivals().rbegin(); each != track.arrivals().rend(); ++each) {
    if (each->arrived > frame.now) continue;
    if (each->arrived < frame.now - frame.window) break;
    const double far = distance(x, y, x_of(frame, each->sent), kSentRow, x_of(frame, each->arrived),
                                frame.height - kArrivalRow);
    if (far > least || (nearest && far == least)) continue;
    least = far;
    nearest = *each;
  }
  return nearest;
}

std::optional<Arrival> find_arrival(const Track& track, std::uint64_t seq) {
  const auto& arrivals = track.arrivals();
  const auto found = std::find_if(arrivals.rbegin(), arrivals.rend(),
                                  [&](const Arrival& each) { return each.seq == seq; });
  if (found == arrivals.rend()) return std::nullopt;
  return *found;
}

std::optional<Arrival> neighbour(const Track& track, std::uint64_t seq, int step) {
  const auto& arrivals = track.arrivals();
  if (arrivals.empty()) return std::nullopt;
  const auto found = std::find_if(arrivals.rbegin(), arrivals.rend(),
                                  [&](const Arrival& each) { return each.seq == seq; });
  if (found == arrivals.rend()) return arrivals.back();
  const std::ptrdiff_t last = static_cast<std::ptrdiff_t>(arrivals.size()) - 1;
  const std::ptrdiff_t at = last - (found - arrivals.rbegin());
  return arrivals[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at + step, 0, last))];
}

void draw_choice(const Frame& frame, const Arrival& chosen, TransportId asked, DisplayList& out) {
  if (chosen.arrived < frame.now - frame.window || chosen.arrived > frame.now) return;
  const double x = x_of(frame, chosen.arrived);
  const double y = frame.height - kArrivalRow;
  out.begin_lines(role_of(asked), 1, 2.5);
  out.line(x_of(frame, chosen.sent), kSentRow, x, y);
  out.begin_lines(Role::kInk, 1, 1.75);
  double right = kRingRadius;  // the corner, from the middle
  double down = 0;
  for (int i = 0; i < kRingCorners; ++i) {
    const double next_right = right * kCosine - down * kSine;
    const double next_down = right * kSine + down * kCosine;
    out.line(x + right, y + down, x + next_right, y + next_down);
    right = next_right;
    down = next_down;
  }
}

}  // namespace playground::view
