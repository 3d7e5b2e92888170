// Reading header fields of a request.
#ifndef PLAYGROUND_NATIVE_SERVER_HTTP_FIELDS_H_
#define PLAYGROUND_NATIVE_SERVER_HTTP_FIELDS_H_

#include <string_view>

#include <httplib.h>

namespace playground::server {

// Whether a field that is a comma-separated list (RFC 9110 5.6.1) has this member, upper and lower
// case being the same.
bool field_has(const httplib::Request& request, const char* field, std::string_view member);

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_HTTP_FIELDS_H_
