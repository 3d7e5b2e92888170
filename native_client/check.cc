#include "native_client/check.h"

#include <stdexcept>

namespace playground::native {

int run_check(const Options&, Output&) { throw std::runtime_error("this build has no path check"); }

}  // namespace playground::native
