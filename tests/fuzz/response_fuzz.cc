// The reader of HTTP/1.1 responses: what it finds does not depend on cuts, an end or an error is
// one, and no more is taken than there is.
#include <string>
#include <string_view>
#include <vector>

#include "core/http/response_reader.h"
#include "tests/fuzz/support.h"

namespace playground::http {
namespace {

using State = ResponseReader::State;

struct Reading {
  State state = State::kHead;
  ResponseError error = ResponseError::kNone;
  bool has_head = false;
  int status = 0;
  std::string fields;
  std::string body;
  std::size_t taken = 0;  // up to the end of the response
  ResponseError at_end = ResponseError::kNone;

  bool operator==(const Reading&) const = default;
};

Reading read(bool head, const std::vector<std::string_view>& pieces) {
  ResponseReader reader;
  if (head) reader.expect_no_body();
  Reading reading;
  for (const std::string_view piece : pieces) {
    const State before = reader.state();
    const std::size_t taken = reader.feed(piece, reading.body);
    fuzz::demand(taken <= piece.size(), "no more is taken than there is");
    if (before == State::kDone || before == State::kBroken) {
      fuzz::demand(taken == 0 && reader.state() == before, "an end is the end");
    }
    reading.taken += taken;
  }
  reading.state = reader.state();
  reading.error = reader.error();
  reading.has_head = reader.has_head();
  reading.status = reader.status();
  reading.fields = reader.fields();
  fuzz::demand((reading.state == State::kBroken) == (reading.error != ResponseError::kNone),
               "what is broken has an error, and nothing else has");
  if (reading.has_head) {
    fuzz::demand(reading.status >= 101 && reading.status <= 999, "a status has three digits");
    fuzz::demand(reading.fields.empty() || reading.fields.ends_with("\r\n"), "lines are whole");
  } else {
    fuzz::demand(reading.body.empty(), "no body comes before a head");
  }
  if (head) fuzz::demand(reading.body.empty(), "an answer to HEAD has no body");
  // Where it is broken does not say how much of it was looked at.
  if (reading.state == State::kBroken) reading.taken = 0;
  reader.end();
  reading.at_end = reader.error();
  return reading;
}

}  // namespace
}  // namespace playground::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playground;
  for (const bool head : {false, true}) {
    fuzz::same_for_every_cut(fuzz::as_text(data, size),
                             [&](const auto& pieces) { return http::read(head, pieces); });
  }
  return 0;
}
