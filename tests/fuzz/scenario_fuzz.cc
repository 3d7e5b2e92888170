// Scenarios and their faults: what is parsed and written again is parsed as the same value.
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/fault.h"
#include "core/json_text.h"
#include "core/scenario.h"
#include "core/utf8.h"
#include "tests/fuzz/support.h"

namespace playground {
namespace {

void demand_sentence(const InputError& error) {
  fuzz::demand(!error.message.empty() && is_utf8(error.message), "an error is a sentence in UTF-8");
  fuzz::demand(error.message.size() < 1000, "an error does not fill a log");
}

void scenario(std::string_view text) {
  const auto parsed = parse_scenario(text);
  if (!parsed) return demand_sentence(parsed.error());
  const auto again = parse_scenario(to_json(*parsed));
  fuzz::demand(again.ok() && *again == *parsed, "a scenario written again is the same");
  std::string payload;
  append_payload(*parsed, parsed->seed, payload);
  fuzz::demand(payload.size() == parsed->payload_bytes, "a payload has its size");
}

void fault(std::string_view text) {
  const Json json = parse_json(text);
  fuzz::demand((json.members() != nullptr) == (parse_small_json(text).members() != nullptr),
               "a browser reads what a server reads");
  const auto parsed = parse_fault(json);
  if (!parsed) return demand_sentence(parsed.error());
  const auto again = parse_fault(parse_json(to_json(*parsed)));
  fuzz::demand(again.ok() && *again == *parsed, "a fault written again is the same");
}

}  // namespace
}  // namespace playground

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = playground::fuzz::as_text(data, size);
  playground::scenario(text);
  playground::fault(text);
  return 0;
}
