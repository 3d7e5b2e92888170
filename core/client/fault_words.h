// Faults in the words a reader sees.
#pragma once

#include <string>
#include <string_view>

#include "core/fault.h"
#include "core/transport.h"

namespace playground::client {

// "everything comes 200 ms late"; with whom it concerns, where that is not everyone.
std::string fault_sentence(const Fault& fault);
// "delay", for the moment on the time line at which it begins.
std::string_view fault_word(const Fault& fault);
// Whether a lane that was asked to be one transport and runs another may feel it.
bool concerns(const Fault& fault, TransportId asked, TransportId running);

}  // namespace playground::client
