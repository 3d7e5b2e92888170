// A message out of a JSON document that is parsed already; shared by records and batches.
#ifndef PLAYGROUND_CORE_RECORD_JSON_H_
#define PLAYGROUND_CORE_RECORD_JSON_H_

#include <nlohmann/json.hpp>

#include "core/record.h"

namespace playground {

Result<Message> message_from(const nlohmann::json& object);
Result<Reset> reset_from(const nlohmann::json& body);

}  // namespace playground

#endif  // PLAYGROUND_CORE_RECORD_JSON_H_
