#include "native_client/stream_lines.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/splits.h"

namespace playground::native {
namespace {

TEST_CASE("comments are found in their place, however the stream is cut", "[watch]") {
  const std::string stream =
      "\xef\xbb\xbf:first\n"
      "data: : no comment\n"
      ": second \r\n"
      "\r\n"
      ":\r"
      ":  third\r"
      "\n"
      "id: 1\n"
      ":not ended";
  for_each_split(stream, [&](const std::vector<std::string_view>& pieces) {
    StreamLines lines;
    std::string all;
    std::vector<std::string> comments;
    for (const std::string_view piece : pieces) {
      lines.feed(
          piece, [&](std::string_view part) { all += part; },
          [&](std::string_view comment) { comments.emplace_back(comment); });
    }
    CHECK(all == stream);
    CHECK(comments == std::vector<std::string>{"first", "second ", "", " third"});
  });
}

}  // namespace
}  // namespace playground::native
