// A probe: one request of a check of the path between a client and the server (docs/api.md,
// "Check"). The request says what the server is to do, so that the client knows what it should see.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/beat.h"
#include "core/result.h"
#include "core/server/request.h"
#include "core/server/schedule.h"

namespace playground::server {

// How a stream ends after its last write.
enum class ProbeEnd : std::uint8_t {
  kClose,  // in order: the last chunk, a Close frame with 1000
  kFin,    // in the middle of the response
  kReset,  // with RST
  kStay,   // not: the client ends it
};

struct Probe {
  static constexpr std::size_t kMaxWrites = 64;
  static constexpr std::size_t kMaxPad = 1 << 20;        // bytes of one write
  static constexpr std::size_t kMaxBody = 4 << 20;       // bytes of an answer
  static constexpr std::size_t kMaxTotal = 16 << 20;     // bytes of all writes
  static constexpr std::int64_t kLongest = 600'000'000;  // microseconds of any of its times
  static constexpr std::size_t kMaxFilled = 64 << 20;    // bytes of a filled stream

  std::string id;                             // 1 to 32 of a-z, 0-9 and -
  std::vector<std::int64_t> writes_us = {0};  // since the request, ascending
  std::size_t pad = 0;                        // bytes in each write besides what it says
  Beat beat = Beat::kNone;
  std::int64_t beat_us = 15 * kSecondUs;
  ProbeEnd end = ProbeEnd::kClose;
  int status = 0;            // in place of an answer; 0: none
  std::int64_t hold_us = 0;  // of a long poll
  std::int64_t fill_us = 0;  // as many writes as the reader takes, for so long, after the others
  std::size_t body = 0;      // bytes of an answer
  bool text = false;         // lines as text/plain
  bool plain = false;        // nothing is said to those on the way (plain_headers)
};

// From the request's parameters. What is wrong is an error that names the parameter.
Result<Probe> parse_probe(const Request& request);

}  // namespace playground::server
