// What the server kept of a lane's bytes (docs/api.md, "Bytes"), explained: the message that was
// asked for, and the heads of the connection that carried it. Sans-I/O; any bytes will do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/wire/span.h"

namespace playground::wire {

// In the order of the wire.
struct Part {
  bool inbound = false;  // from the reader to the server
  std::int64_t at_us = 0;
  std::uint64_t skipped = 0;  // bytes in the same direction that are missing before it
  std::string bytes;
};

enum class Carrier : std::uint8_t { kUnknown, kEventStream, kLines, kWebSocket, kAnswer };

struct Explanation {
  Carrier carrier = Carrier::kUnknown;
  // Those of a poll's answer share its bytes; 0 where the message asked for is not there.
  std::size_t messages = 0;
  std::size_t bytes = 0;  // of `message`, both ways
  std::size_t overhead = 0;
  std::vector<Block> message;     // what carried the message; for a poll the request as well
  std::vector<Block> connection;  // how its connection began, or all of it without a message
};

Explanation explain(const std::vector<Part>& parts, std::optional<std::uint64_t> seq);

// JSON of `WireAnswer` in web/src/contract/core-module.ts, from the server's answer to the
// question; with status 0, `body` is a sentence that says why there is none.
std::string explain_json(int status, std::string_view body, std::string_view lane,
                         std::optional<std::uint64_t> seq);

}  // namespace playground::wire
