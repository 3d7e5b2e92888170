// What was decided, and how a lane is, as people read it.
#pragma once

#include <string>
#include <vector>

#include "core/client/decision.h"
#include "core/client/lane.h"

namespace playground::client {

class ObservedLane;

// With **strong** words between two asterisks.
std::string sentence(const Decision& decision);
// For the moment on the time line; empty for most decisions.
std::vector<std::string> labels(const Decision& decision);

// "SSE", or "SSE → long polling" after a fallback.
std::string title(const Lane& lane);
// What its connection says about itself, in a few words.
std::string state_text(const Lane& lane, Micros now);
// How the lane differs from what it was asked to be; empty where it does not.
std::string tag_text(const Lane& lane);
// The same, or in one or two words what is wrong with the path of a lane that runs as it should.
std::string tag_text(const ObservedLane& observed);

}  // namespace playground::client
