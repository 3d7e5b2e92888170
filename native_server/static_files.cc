// The page's files.
#include <stdexcept>

#include "core/server/api_text.h"
#include "native_server/http/router.h"

namespace playground::server {
namespace {

// Pages of any origin may load the module and the widget from here: the files are public, and say
// nothing about the reader.
const httplib::Headers kHeaders = {
    {"Access-Control-Allow-Origin", "*"},
    {"Cache-Control", "no-cache"},  // with the ETag: asked for every time, sent when changed
    // A page says itself what it may load; that no other page may frame it, only a header can say.
    {"Content-Security-Policy", "frame-ancestors 'self'"},
    {"Cross-Origin-Resource-Policy", "cross-origin"},
    // With no-referrer a beacon would say `Origin: null` (Fetch 3.2).
    {"Referrer-Policy", "same-origin"},
    {"X-Content-Type-Options", "nosniff"},
};

bool is_for_files(const httplib::Request& request, httplib::Response& response) {
  // A folder's redirect repeats the path, and `//name` would be another host.
  if (request.path.starts_with("//")) {
    response.status = httplib::NotFound_404;
    return false;
  }
  if (request.method == "GET" || request.method == "HEAD") return true;
  response.status = httplib::MethodNotAllowed_405;
  response.set_header("Allow", "GET, HEAD");
  response.set_content(error_body("the method " + request.method + " is not for files"),
                       "application/json");
  return false;
}

}  // namespace

void Router::serve_files(const std::string& folder) {
  is_for_files_ = is_for_files;
  set_file_extension_and_mimetype_mapping("js", "text/javascript; charset=utf-8");
  set_file_extension_and_mimetype_mapping("mjs", "text/javascript; charset=utf-8");
  set_file_extension_and_mimetype_mapping("html", "text/html; charset=utf-8");
  set_file_extension_and_mimetype_mapping("css", "text/css; charset=utf-8");
  set_file_extension_and_mimetype_mapping("map", "application/json");
  set_file_extension_and_mimetype_mapping("wasm", "application/wasm");
  if (!folder.empty() && !set_mount_point("/", folder, kHeaders)) {
    throw std::runtime_error("cannot serve the files of " + folder);
  }
}

}  // namespace playground::server
