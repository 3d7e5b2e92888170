// Of a program with runs of both kinds. A source of its own, compiled by itself: who defines this
// constant otherwise gets nothing of this file.
#include "core/client/settings.h"

namespace playground::client {

const bool kSimulatedOnly = false;

}  // namespace playground::client
