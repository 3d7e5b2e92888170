#include "core/simulation/response_reader.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/field_text.h"
#include "tests/support/splits.h"

namespace playground::simulation {
namespace {

using State = ResponseReader::State;

struct Read {
  ResponseReader reader;
  std::string body;
  std::size_t taken = 0;
};

template <typename Check>
void each_way(std::string_view bytes, Check check) {
  for_each_split(bytes, [&](const std::vector<std::string_view>& pieces) {
    Read read;
    for (const std::string_view piece : pieces) read.taken += read.reader.feed(piece, read.body);
    check(read);
  });
}

TEST_CASE("a body is as long as its head says, and what follows is not taken", "[simulation]") {
  const std::string response =
      "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\ncontent-length: 4\r\n\r\nbody";
  each_way(response + "next", [&](const Read& read) {
    CHECK(read.reader.state() == State::kDone);
    CHECK(read.reader.status() == 201);
    CHECK(find_field(read.reader.fields(), "Content-Type") == "application/json");
    CHECK(read.reader.keeps_alive());
    CHECK(read.body == "body");
    CHECK(read.taken == response.size());
  });
}

TEST_CASE("chunks are put together", "[simulation]") {
  each_way(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
      "4\r\nbody\r\nA\r\n, and more\r\n0\r\n\r\n",
      [](const Read& read) {
        CHECK(read.reader.state() == State::kDone);
        CHECK(read.body == "body, and more");
        CHECK_FALSE(read.reader.keeps_alive());
      });
}

TEST_CASE("204 has no body", "[simulation]") {
  each_way("HTTP/1.1 204 No Content\r\nVary: Origin\r\n\r\n",
           [](const Read& read) { CHECK(read.reader.state() == State::kDone); });
}

TEST_CASE("without a length the end of the connection ends a body, and breaks off others",
          "[simulation]") {
  each_way("HTTP/1.1 200 OK\r\n\r\nbo", [](Read read) {
    CHECK(read.reader.state() == State::kBody);
    read.reader.end();
    CHECK(read.reader.state() == State::kDone);
  });
  each_way("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbo", [](Read read) {
    read.reader.end();
    CHECK(read.reader.state() == State::kBroken);
  });
}

TEST_CASE("what is no response is broken", "[simulation]") {
  each_way("hello\r\n\r\n", [](const Read& read) { CHECK(read.reader.state() == State::kBroken); });
  each_way("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
           [](const Read& read) { CHECK(read.reader.state() == State::kBroken); });
}

}  // namespace
}  // namespace playground::simulation
