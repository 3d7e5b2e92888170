#include "core/event_stream/batch.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/splits.h"

namespace playground::event_stream {
namespace {

using Strings = std::vector<std::string>;

// Takes the rows apart as JavaScript does it; for ASCII, where a unit is a byte.
void read(const Batch& batch, Strings& events) {
  std::string_view rest = batch.text();
  const auto take = [&rest](std::uint32_t length) {
    const std::string_view text = rest.substr(0, length);
    REQUIRE(rest.at(length) == '\n');
    rest.remove_prefix(length + 1);
    return text;
  };
  std::string_view type;
  std::string_view id;
  for (const Batch::Row& row : batch.rows()) {
    const std::string_view data = take(row.data);
    if (row.type != Batch::kSame) type = take(row.type);
    if (row.last_event_id != Batch::kSame) id = take(row.last_event_id);
    events.push_back(std::string(type) + "|" + std::string(data) + "|" + std::string(id));
  }
  CHECK(rest.empty());
}

TEST_CASE("a batch holds the events of a chunk, wherever the stream is cut") {
  const std::string_view stream =
      "id: 1\ndata: a\n\ndata: b\n\nevent: add\ndata: c\ndata: d\n\nevent: add\nid\ndata\n\n"
      "id: 22\ndata: e\n\n";
  for_each_split(stream, [](const std::vector<std::string_view>& pieces) {
    Parser parser;
    Batch batch;
    Strings events;
    for (const std::string_view piece : pieces) {
      batch.begin();
      REQUIRE(parser.feed(piece, batch) == ParseStatus::kOk);
      read(batch, events);
    }
    CHECK(events == Strings{"message|a|1", "message|b|1", "add|c\nd|1", "add||", "message|e|22"});
  });
}

TEST_CASE("type and last event id are told where they change, and at the beginning of a chunk") {
  Parser parser;
  Batch batch;
  parser.feed("id: 7\ndata: a\n\ndata: b\n\n", batch);
  REQUIRE(batch.rows().size() == 2);
  CHECK(batch.rows()[0].type == 7);
  CHECK(batch.rows()[0].last_event_id == 1);
  CHECK(batch.rows()[1].type == Batch::kSame);
  CHECK(batch.rows()[1].last_event_id == Batch::kSame);
  CHECK(batch.text() == "a\nmessage\n7\nb\n");

  batch.begin();
  parser.feed("data: c\n\n", batch);
  CHECK(batch.text() == "c\nmessage\n7\n");
}

TEST_CASE("lengths are UTF-16 code units, and what is no UTF-8 ends with its field") {
  Parser parser;
  Batch batch;
  parser.feed("data: \xf0\x9f\x98\x80\n\ndata: \xf0\x9f\n\ndata: \x98\x80\n\n", batch);
  REQUIRE(batch.rows().size() == 3);
  CHECK(batch.rows()[0].data == 2);
  CHECK(batch.rows()[1].data == 1);
  CHECK(batch.rows()[2].data == 2);
  CHECK_FALSE(batch.is_ascii());
  batch.begin();
  parser.feed("data: a\n\n", batch);
  CHECK(batch.is_ascii());
}

TEST_CASE("the newest reconnection time of a chunk counts") {
  Parser parser;
  Batch batch;
  batch.begin();
  CHECK(batch.reconnection_time() == Batch::kNoTime);
  parser.feed("retry: 10\nretry: 0\n", batch);
  CHECK(batch.reconnection_time() == 0);
  parser.feed("retry: 4294967295\n", batch);
  CHECK(batch.reconnection_time() == Batch::kNoTime - 1);
  batch.begin();
  CHECK(batch.reconnection_time() == Batch::kNoTime);
}

}  // namespace
}  // namespace playground::event_stream
