// Choosing a message on a lane of the time line: by a point, or one after the other.
#pragma once

#include <cstdint>
#include <optional>

#include "core/view/display_list.h"
#include "core/view/timeline.h"
#include "core/view/track.h"

namespace playground::view {

// A point farther away than this (CSS pixels) means no message.
inline constexpr double kReach = 24;

// The message whose line in the frame is nearest to the point.
std::optional<Arrival> pick(const Frame& frame, const Track& track, double x, double y);

// The newest arrival of that message, if the track remembers it.
std::optional<Arrival> find_arrival(const Track& track, std::uint64_t seq);

// The message that arrived `step` after it (before it where that is negative), the first or the
// newest where there are not that many; the newest of all where it is not remembered.
std::optional<Arrival> neighbour(const Track& track, std::uint64_t seq, int step);

// A ring where it arrived, on a stronger line, over what draw_lane() has drawn.
void draw_choice(const Frame& frame, const Arrival& chosen, TransportId asked, DisplayList& out);

}  // namespace playground::view
