// A message out of a JSON document that is parsed already; shared by records and batches.
#pragma once

#include <nlohmann/json.hpp>

#include "core/record.h"

namespace playground {

Result<Message> message_from(const nlohmann::json& object);
Result<Reset> reset_from(const nlohmann::json& body);

}  // namespace playground
