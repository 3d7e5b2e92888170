// What the API answers to a question about the bytes of a lane (docs/api.md, "Bytes").
#pragma once

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
