// `playground check`: the path check of core/check over sockets.
#pragma once

#include <string>

#include "core/check/check.h"
#include "native_client/options.h"
#include "native_client/output.h"

namespace playground::native {

// Its exit status.
int run_check(const Options& options, Output& output);

// What was found, for people: lines with their ends, of at most `width` columns but for what is to
// be copied.
std::string report_text(const check::Check& check, std::size_t width);

}  // namespace playground::native
