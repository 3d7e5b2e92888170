#include "core/event_stream/encoder.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::event_stream {
namespace {

std::string encoded(const OutgoingEvent& event) {
  std::string out;
  encode(event, out);
  return out;
}

TEST_CASE("an event has its name, id and data, and ends in a blank line", "[html-9.2.5]") {
  CHECK(encoded({"", "hello", std::nullopt}) == "data: hello\n\n");
  CHECK(encoded({"", "hello", "7"}) == "id: 7\ndata: hello\n\n");
  CHECK(encoded({"reset", "", std::nullopt}) == "event: reset\ndata: \n\n");
}

TEST_CASE("data with line ends of any kind becomes several data lines", "[html-9.2.5]") {
  CHECK(encoded({"", "a\nb\r\nc\rd\n", std::nullopt}) ==
        "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
}

}  // namespace
}  // namespace playground::event_stream
