#include "core/transport.h"

#include <catch2/catch_test_macros.hpp>

using namespace playground;

TEST_CASE("the table of transports is in the order of their identifiers, and finds each",
          "[transport]") {
  for (std::size_t i = 0; i < kTransportCount; ++i) {
    const TransportInfo& each = transports()[i];
    CAPTURE(each.name);
    CHECK(each.id == static_cast<TransportId>(i));
    CHECK(&info(each.id) == &each);
    CHECK(find_transport(each.name) == each.id);
    CHECK(find_served(each.path()) == &each.served_as());
    CHECK_FALSE(each.title.empty());
    CHECK(each.colour().starts_with("--tp-"));
  }
  CHECK_FALSE(find_transport("carrier-pigeon"));
  CHECK(find_served("messages") == nullptr);
}

TEST_CASE("a ladder begins with what was asked for and ends where every page can follow",
          "[transport]") {
  for (const TransportInfo& each : transports()) {
    CAPTURE(each.name);
    REQUIRE_FALSE(each.ladder.empty());
    CHECK(each.ladder.front() == each.id);
    CHECK(info(each.ladder.back()).polls());
    CHECK(info(each.ladder.back()).needs == Feature::kXmlHttpRequest);
  }
}

TEST_CASE("a stream is known by its content type, and nothing else is one", "[transport]") {
  CHECK(find_stream("Content-Type: text/event-stream\r\n")->path == "sse");
  CHECK(find_stream("application/x-ndjson; charset=utf-8")->path == "stream");
  CHECK(find_stream("application/json") == nullptr);
  CHECK(find_stream("") == nullptr);
}
