// What is read of a reply of Redis.
#pragma once

#include <hiredis.h>
#include <string_view>

namespace playground::server {

// Of a string, a status or an error; empty for anything else, and without a reply.
inline std::string_view text_of(const redisReply* reply) {
  return reply && reply->str ? std::string_view(reply->str, reply->len) : std::string_view();
}

}  // namespace playground::server
