// Of a program whose channels may be other servers' as well. A source of its own, compiled by
// itself: who defines this constant otherwise gets nothing of this file.
#include "core/server/log.h"

namespace playground::server {

const bool kMayShare = true;

}  // namespace playground::server
