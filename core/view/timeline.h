// Draws a lane of the time line. A message is a line from the moment it was sent (top) to the
// moment it arrived (bottom): delay is a slope, a poll a fan, a buffering proxy a comb that closes
// all at once. What the page says itself is a dashed line up. Many messages become a shaded
// density.
#pragma once

#include <deque>

#include "core/measure/delivery_ledger.h"
#include "core/view/display_list.h"
#include "core/view/track.h"

namespace playground::view {

struct Frame {
  Micros now;     // the right edge
  Micros window;  // from the left edge to the right one, more than 0
  double width;   // CSS pixels, as all lengths
  double height;
};

// Where messages begin and end, from the upper edge and from the lower one.
inline constexpr double kSentRow = 15;
inline constexpr double kArrivalRow = 15;

inline double x_of(const Frame& frame, Micros at) {
  return frame.width * static_cast<double>(at - (frame.now - frame.window)) /
         static_cast<double>(frame.window);
}

// `asked` gives the messages their colour; a connection has that of the transport it belongs to.
void draw_lane(const Frame& frame, const Track& track, const measure::DeliveryLedger& ledger,
               TransportId asked, const std::deque<Sent>& sent, DisplayList& out);

}  // namespace playground::view
