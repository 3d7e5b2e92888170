// `playground check`: the path check of core/check over sockets.
#pragma once

#include "native_client/options.h"
#include "native_client/output.h"

namespace playground::native {

// Its exit status.
int run_check(const Options& options, Output& output);

}  // namespace playground::native
