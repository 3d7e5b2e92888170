#include "native_server/event_loop/handle.h"

#include <system_error>

namespace playground::server {

void check_uv(int status, const char* doing) {
  // On Unix libuv's errors are negated errno values.
  if (status < 0) throw std::system_error(-status, std::generic_category(), doing);
}

}  // namespace playground::server
