// The page's files.
#ifndef PLAYGROUND_NATIVE_SERVER_STATIC_FILES_H_
#define PLAYGROUND_NATIVE_SERVER_STATIC_FILES_H_

#include <string>

#include "native_server/http/router.h"

namespace playground::server {

// Serves what is in `folder`, and nothing outside it, at the router's root; index.html for a
// folder. An empty name serves nothing. Throws std::runtime_error when there is no such folder.
void serve_files(Router& router, const std::string& folder);

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_STATIC_FILES_H_
