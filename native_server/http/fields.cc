#include "native_server/http/fields.h"

#include "core/server/field_text.h"

namespace playground::server {

bool field_has(const httplib::Request& request, const char* field, std::string_view member) {
  const auto [first, last] = request.headers.equal_range(field);
  for (auto line = first; line != last; ++line) {
    if (list_has(line->second, member)) return true;
  }
  return false;
}

}  // namespace playground::server
