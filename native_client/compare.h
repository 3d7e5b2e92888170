// `playground compare`: every transport of a playground server, side by side.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/client/run.h"
#include "native_client/options.h"
#include "native_client/output.h"

namespace playground::native {

// Its exit status.
int run_compare(const Options& options, Output& output);

// The lanes as a table, lines with their ends; `notes` are its last column.
std::string table_of(const client::Run& run, std::span<const std::string> notes);

// Whether a message is missing, repeated or out of order, or a lane runs otherwise than it was
// asked to, or had nothing.
bool anything_wrong(const client::Run& run);

// A decision's sentence without the marks of what is strong.
std::string plain_sentence(std::string_view marked);

}  // namespace playground::native
