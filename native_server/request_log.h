// A line for each request, when it is over: for people, or as JSON.
//
// The server is one thread, so a log reader that stops reading must not stop it: lines wait in a
// bounded buffer, and what does not fit is dropped and counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/http/connections.h"

namespace playground::server {

enum class LogFormat : std::uint8_t { kNone, kText, kJson };

using http::LoggedRequest;

// With its line end. A request line that was refused is quoted with what is not printable escaped.
std::string log_line(const LoggedRequest& request, LogFormat format);

class RequestLog final : public http::AccessLog {
 public:
  static constexpr std::size_t kMaxWaitingBytes = 1 << 20;

  // `descriptor` stays the caller's; `dropped` counts lines and outlives the log.
  RequestLog(LogFormat format, int descriptor, std::uint64_t& dropped)
      : format_(format), descriptor_(descriptor), dropped_(dropped) {}

  void add(const LoggedRequest& request) override;

  // Writes what it can without waiting. Call it now and then.
  void flush();
  // Writes the rest, waiting up to a tenth of a second for the reader.
  void flush_all();

 private:
  bool write_some(int patience_ms);

  LogFormat format_;
  int descriptor_;
  std::uint64_t& dropped_;
  std::string waiting_;
};

}  // namespace playground::server
