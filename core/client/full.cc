// Of a program with runs of all kinds. A source of its own, compiled by itself: who defines these
// constants otherwise gets nothing of this file.
#include "core/client/settings.h"

namespace playground::client {

const bool kSimulatedOnly = false;
const bool kOneServer = false;

}  // namespace playground::client
