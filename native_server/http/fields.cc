#include "native_server/http/fields.h"

#include <string>

namespace playground::server {

bool field_has(const httplib::Request& request, const char* field, std::string_view member) {
  namespace detail = httplib::detail;
  const std::string wanted(member);
  const auto matches = [&](const char* begin, const char* end) {
    return detail::case_ignore::equal(std::string(begin, end), wanted);
  };
  const auto [first, last] = request.headers.equal_range(field);
  for (auto line = first; line != last; ++line) {
    const std::string& list = line->second;
    if (detail::split_find(list.data(), list.data() + list.size(), ',', matches)) return true;
  }
  return false;
}

}  // namespace playground::server
