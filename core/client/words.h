// Durations, numbers, refusals and faults as people read them, for decisions and states.
#pragma once

#include <string>
#include <string_view>

#include "core/client/host.h"
#include "core/fault.h"
#include "core/transport.h"

namespace playground::client {

// "174 ms", "2.0 s", "12 s", "3 min"
std::string duration_text(Micros duration);

// "**SSE**": the painter of decisions shows it strong.
std::string strong(std::string_view words);

// "message 7", "messages 7 to 9"
std::string messages_text(std::uint64_t first, std::uint64_t last);

// The server's own words for what it did not like; its status where it gave none.
std::string error_in(const Answered& answer);

// "everything comes 200 ms late"; with whom it concerns, where that is not everyone.
std::string fault_sentence(const Fault& fault);
// "delay", for the moment on the time line at which it begins.
std::string_view fault_word(const Fault& fault);
// Whether a lane that was asked to be one transport and runs another may feel it.
bool concerns(const Fault& fault, TransportId asked, TransportId running);

}  // namespace playground::client
