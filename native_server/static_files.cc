// The page's files, from a folder.
#include <stdexcept>
#include <string>

#include "core/server/api_text.h"
#include "native_server/files.h"
#include "native_server/http/router.h"

namespace playground::server {
namespace {

httplib::Headers file_fields() {
  httplib::Headers fields = {{"Cache-Control", std::string(kAskedEachTime)}};
  for (const auto& [name, value] : kFileFields) fields.emplace(name, value);
  return fields;
}

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
  for (const auto& [extension, type] : kFileTypes) {
    set_file_extension_and_mimetype_mapping(std::string(extension), std::string(type));
  }
  if (!folder.empty() && !set_mount_point("/", folder, file_fields())) {
    throw std::runtime_error("cannot serve the files of " + folder);
  }
}

}  // namespace playground::server
