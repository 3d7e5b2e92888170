#include "native_server/request_log.h"

#include <fcntl.h>
#include <string>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/json.h"

namespace playground::server {
namespace {

LoggedRequest example() {
  LoggedRequest request;
  request.begun_us = 1'790'000'000'123'456;
  request.duration_us = 1500;
  request.address = "192.0.2.7";
  request.request_line = "GET /api/time HTTP/1.1";
  request.status = 200;
  request.received_bytes = 80;
  request.sent_bytes = 190;
  return request;
}

class Pipe {
 public:
  Pipe() { REQUIRE(pipe2(ends_, O_NONBLOCK | O_CLOEXEC) == 0); }
  ~Pipe() {
    close_reader();
    close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int writer() const { return ends_[1]; }
  void close_reader() {
    if (ends_[0] >= 0) close(ends_[0]);
    ends_[0] = -1;
  }
  std::string read_all() {
    std::string text;
    char buffer[4096];
    for (ssize_t size = 0; (size = read(ends_[0], buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(size));
    }
    return text;
  }

 private:
  int ends_[2];
};

TEST_CASE("a line for people says who asked for what, and what it cost") {
  CHECK(log_line(example(), LogFormat::kText) ==
        "2026-09-21T14:13:20.123456Z 192.0.2.7 \"GET /api/time HTTP/1.1\" 200 80 B in, "
        "190 B out, 1500 us\n");
  LoggedRequest cut = example();
  cut.whole = false;
  CHECK(log_line(cut, LogFormat::kText).ends_with(" us, cut\n"));
}

TEST_CASE("a line of JSON has the same with the units in the names") {
  const auto line = read_json(log_line(example(), LogFormat::kJson));
  CHECK(line == nlohmann::json{{"time", "2026-09-21T14:13:20.123456Z"},
                               {"address", "192.0.2.7"},
                               {"request", "GET /api/time HTTP/1.1"},
                               {"status", 200},
                               {"received_bytes", 80},
                               {"sent_bytes", 190},
                               {"duration_us", 1500},
                               {"whole", true}});
}

TEST_CASE("what a client sends cannot begin a line of its own") {
  LoggedRequest request = example();
  request.request_line = "GET /\x1b[2J\n2026 \"x\" \xff";
  for (const LogFormat format : {LogFormat::kText, LogFormat::kJson}) {
    const std::string line = log_line(request, format);
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(line.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("a reader who does not read costs lines, not the server") {
  std::uint64_t dropped = 0;
  Pipe pipe;
  RequestLog log(LogFormat::kText, pipe.writer(), dropped);
  const std::size_t line_bytes = log_line(example(), LogFormat::kText).size();
  const std::size_t lines = 2 * RequestLog::kMaxWaitingBytes / line_bytes;
  for (std::size_t i = 0; i < lines; ++i) {
    log.add(example());
    log.flush();
  }
  CHECK(dropped > 0);
  std::size_t bytes = 0;
  for (std::string some = pipe.read_all(); !some.empty(); some = pipe.read_all()) {
    bytes += some.size();
    log.flush();
  }
  CHECK(bytes == (lines - dropped) * line_bytes);
}

TEST_CASE("a log that is off keeps nothing") {
  std::uint64_t dropped = 0;
  Pipe pipe;
  RequestLog log(LogFormat::kNone, pipe.writer(), dropped);
  log.add(example());
  log.flush_all();
  CHECK(pipe.read_all().empty());
}

}  // namespace
}  // namespace playground::server
