// Where a server that keeps a log of its requests writes them.
#pragma once

#include <cstdint>
#include <string>

namespace playground::http {

// One request and its answer; for a stream, its whole life.
struct LoggedRequest {
  std::int64_t begun_us = 0;  // since the Unix epoch
  std::int64_t duration_us = 0;
  std::string address;       // Socket::peer()
  std::string request_line;  // "GET /api/time HTTP/1.1", checked by the framing
  int status = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_bytes = 0;
  bool whole = true;  // the answer was sent to its end
};

class AccessLog {
 public:
  virtual void add(const LoggedRequest& request) = 0;

 protected:
  ~AccessLog() = default;
};

}  // namespace playground::http
