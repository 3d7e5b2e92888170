#include "core/poll/batch.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground::poll {
namespace {

std::string batch_of(const std::vector<Message>& messages, std::uint64_t last,
                     std::optional<Reset> reset = std::nullopt, std::string_view epoch = {},
                     std::string_view server = {}) {
  std::string out;
  BatchWriter writer(out);
  writer.begin();
  for (const Message& message : messages) {
    std::string json;
    encode(message, json);
    writer.message(json);
  }
  writer.end(last, reset, epoch, server);
  return out;
}

TEST_CASE("a batch is the JSON that docs/api.md shows") {
  CHECK(batch_of({}, 0) == R"({"messages":[],"last":0})");
  CHECK(
      batch_of({{1, 5, "a"}, {2, 6, "b"}}, 2) ==
      R"({"messages":[{"seq":1,"sent_us":5,"payload":"a"},{"seq":2,"sent_us":6,"payload":"b"}],"last":2})");
  CHECK(batch_of({}, 9, Reset{4, 9}) == R"({"messages":[],"last":9,"reset":{"first":4,"last":9}})");
}

TEST_CASE("a batch comes back from its JSON as it was") {
  const auto batch = parse_batch(batch_of({{3, 5, "é\n"}, {4, 6, ""}}, 4, Reset{3, 4}));
  REQUIRE(batch);
  CHECK(batch->messages == std::vector<Message>{{3, 5, "é\n"}, {4, 6, ""}});
  CHECK(batch->last == 4);
  CHECK(batch->reset == Reset{3, 4});
  CHECK(batch->server.empty());
  const auto shared = parse_batch(batch_of({}, 4, std::nullopt, "a1b2c3", "one"));
  REQUIRE(shared);
  CHECK(shared->epoch == "a1b2c3");
  CHECK(shared->server == "one");
}

TEST_CASE("what is no batch is refused") {
  for (const char* json : {"", "[]", "{}", R"({"messages":{},"last":0})", R"({"messages":[]})",
                           R"({"messages":[1],"last":0})", R"({"messages":[],"last":-1})",
                           R"({"messages":[],"last":1,"reset":{}})"}) {
    CAPTURE(json);
    CHECK_FALSE(parse_batch(json));
  }
}

}  // namespace
}  // namespace playground::poll
