#include "native_server/request_log.h"

#include <algorithm>
#include <climits>
#include <cstdio>
#include <ctime>
#include <poll.h>
#include <unistd.h>

#include "core/json_text.h"
#include "core/server/schedule.h"

namespace playground::server {
namespace {

// RFC 3339, in UTC, to the microsecond.
std::string time_text(std::int64_t us) {
  const std::time_t second = us / kSecondUs;
  std::tm parts{};
  gmtime_r(&second, &parts);
  char text[40];
  std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  size += static_cast<std::size_t>(
      std::snprintf(text + size, sizeof text - size, ".%06dZ", static_cast<int>(us % kSecondUs)));
  return {text, size};
}

}  // namespace

std::string log_line(const LoggedRequest& request, LogFormat format) {
  std::string out;
  if (format == LogFormat::kJson) {
    JsonObject(out)
        .add("time", time_text(request.begun_us))
        .add("address", request.address)
        .add("request", request.request_line)
        .add("status", request.status)
        .add("received_bytes", request.received_bytes)
        .add("sent_bytes", request.sent_bytes)
        .add("duration_us", request.duration_us)
        .add("whole", request.whole);
    return out += '\n';
  }
  out.append(time_text(request.begun_us)).append(" ").append(request.address).append(" ");
  append_json_string(request.request_line, out);
  return out + " " + std::to_string(request.status) + " " + std::to_string(request.received_bytes) +
         " B in, " + std::to_string(request.sent_bytes) + " B out, " +
         std::to_string(request.duration_us) + (request.whole ? " us\n" : " us, cut\n");
}

void RequestLog::add(const LoggedRequest& request) {
  if (format_ == LogFormat::kNone) return;
  const std::string line = log_line(request, format_);
  if (waiting_.size() + line.size() > kMaxWaitingBytes) {
    ++dropped_;
    return;
  }
  waiting_ += line;
}

void RequestLog::flush() {
  while (write_some(0)) {
  }
}

void RequestLog::flush_all() {
  constexpr int kPatienceMs = 100;
  while (write_some(kPatienceMs)) {
  }
}

// A pipe that is ready takes PIPE_BUF bytes without waiting (POSIX, write()); so no more at once.
bool RequestLog::write_some(int patience_ms) {
  if (waiting_.empty()) return false;
  pollfd ready{descriptor_, POLLOUT, 0};
  if (::poll(&ready, 1, patience_ms) <= 0) return false;
  const ssize_t written =
      write(descriptor_, waiting_.data(), std::min<std::size_t>(waiting_.size(), PIPE_BUF));
  if (written <= 0) {
    waiting_.clear();  // nobody will ever read it
    return false;
  }
  waiting_.erase(0, static_cast<std::size_t>(written));
  return true;
}

}  // namespace playground::server
