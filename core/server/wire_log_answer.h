// What the API answers to a question about the bytes of a lane (docs/api.md, "Bytes").
#ifndef PLAYGROUND_CORE_SERVER_WIRE_LOG_ANSWER_H_
#define PLAYGROUND_CORE_SERVER_WIRE_LOG_ANSWER_H_

#include <optional>
#include <string>
#include <string_view>

#include "core/server/wire_meter.h"

namespace playground::server {

// The parameters of the question, as they came; nothing where one is absent.
struct WireLogQuestion {
  std::optional<std::string> lane = {};
  std::optional<std::string> seq = {};
  std::optional<std::string> connection = {};
};

struct WireLogAnswer {
  int status;
  std::string body;
};

WireLogAnswer answer_wire_log(WireMeter& meter, const WireLogQuestion& question);

}  // namespace playground::server

#endif  // PLAYGROUND_CORE_SERVER_WIRE_LOG_ANSWER_H_
