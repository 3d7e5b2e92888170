// The page's files.
#pragma once

#include <string>

#include "native_server/http/router.h"

namespace playground::server {

// Serves what is in `folder`, and nothing outside it, at the router's root; index.html for a
// folder. An empty name serves nothing. Throws std::runtime_error when there is no such folder.
void serve_files(Router& router, const std::string& folder);

}  // namespace playground::server
