// Of a module: the server of a simulated run shares its channels with no other.
#include "core/server/log.h"

namespace playground::server {

const bool kMayShare = false;

}  // namespace playground::server
