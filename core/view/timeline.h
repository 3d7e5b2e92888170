// Draws a lane of the time line. A message is a line from the moment it was sent (top) to the
// moment it arrived (bottom): delay is a slope, a poll a fan, a buffering proxy a comb that closes
// all at once. What the page says itself is a dashed line up. Many messages become a shaded
// density. Words about moments that matter stand in a strip over all of it.
#pragma once

#include <deque>
#include <string_view>

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

// Where messages begin and end, from the upper edge and from the lower one. Above the first are
// the words.
inline constexpr double kSentRow = 20;
inline constexpr double kArrivalRow = 13;

inline double x_of(const Frame& frame, Micros at) {
  return frame.width * static_cast<double>(at - (frame.now - frame.window)) /
         static_cast<double>(frame.window);
}

// How wide a text is at most, in the reader's font. Only that one knows exactly.
double text_width(std::string_view text);

// `asked` gives the messages their colour; a connection has that of the transport it belongs to.
void draw_lane(const Frame& frame, const Track& track, const measure::DeliveryLedger& ledger,
               TransportId asked, const std::deque<Sent>& sent, DisplayList& out);

}  // namespace playground::view
