#include "core/event_stream/batch.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/splits.h"

namespace playground::event_stream {
namespace {

using Strings = std::vector<std::string>;

// Puts each chunk where JavaScript puts it, and takes the rows apart as JavaScript does.
class Reader {
 public:
  // "type|data|last event id" of each event.
  Strings read(std::string_view chunk) {
    if (text.size() < chunk.size()) text.resize(chunk.size());
    text.replace(0, chunk.size(), chunk);
    REQUIRE(batch.read(parser, text, chunk.size()) == ParseStatus::kOk);
    REQUIRE(batch.text_size() <= text.size());
    Strings events;
    for (const Batch::Row& row : batch.rows()) {
      if (row.type.begin == Batch::kMessage) {
        type_ = "message";
      } else if (row.type.begin != Batch::kSame) {
        type_ = cut(row.type);
      }
      if (row.last_event_id.begin != Batch::kSame) id_ = cut(row.last_event_id);
      events.push_back(type_ + "|" + cut(row.data) + "|" + id_);
    }
    return events;
  }

  Parser parser;
  Batch batch;
  std::string text;

 private:
  std::string cut(Batch::Span span) const {
    REQUIRE(span.end <= batch.text_size());
    return text.substr(span.begin, span.end - span.begin);
  }

  std::string type_;
  std::string id_;
};

TEST_CASE("a batch holds the events of a chunk, wherever the stream is cut") {
  const std::string_view stream =
      "id: 1\ndata: a\n\ndata: b\n\nevent: add\ndata: c\ndata: d\n\nevent: add\nid\ndata\n\n"
      "data: x\n\nevent: add\nid: 22\ndata: \xe2\x82\xac \xf0\x9f\x98\x80\n\n";
  for_each_split(stream, [](const std::vector<std::string_view>& pieces) {
    Reader reader;
    Strings events;
    for (const std::string_view piece : pieces) {
      for (std::string& event : reader.read(piece)) events.push_back(std::move(event));
    }
    CHECK(events == Strings{"message|a|1", "message|b|1", "add|c\nd|1", "add||", "message|x|",
                            "add|\xe2\x82\xac \xf0\x9f\x98\x80|22"});
  });
}

TEST_CASE("events that lie whole in the chunk are not copied") {
  Reader reader;
  reader.read("id: 1\nevent: add\ndata: a\n\nid: 2\ndata: b\n\ndata: c\n");
  CHECK(reader.batch.text_size() == 49);
  CHECK(reader.batch.rows().at(1).data.begin == 38);
  reader.read("\n");
  CHECK(reader.batch.text_size() == 3);
  CHECK(reader.text.substr(0, 3) == "\nc\n");
}

TEST_CASE("type and last event id are told where they change") {
  Reader reader;
  reader.read("event: add\nid: 7\ndata: a\n\nevent: add\ndata: b\n\ndata: c\n\n");
  REQUIRE(reader.batch.rows().size() == 3);
  CHECK(reader.batch.rows()[0].last_event_id.begin != Batch::kSame);
  CHECK(reader.batch.rows()[1].type.begin == Batch::kSame);
  CHECK(reader.batch.rows()[1].last_event_id.begin == Batch::kSame);
  CHECK(reader.batch.rows()[2].type.begin == Batch::kMessage);
  reader.read("data: d\n\n");
  CHECK(reader.batch.rows().at(0).last_event_id.begin == Batch::kSame);
}

TEST_CASE("an id that came without an event is told with the next, in a new stream as well") {
  Reader reader;
  CHECK(reader.read("id: 1\ndata: a\n\n") == Strings{"message|a|1"});
  CHECK(reader.read("id: 2\n\n").empty());
  reader.parser.reset();
  CHECK(reader.read("data: b\n\n") == Strings{"message|b|2"});
  reader.read("id\n\n");
  reader.parser.reset();
  CHECK(reader.read("data: c\n\n") == Strings{"message|c|"});
}

TEST_CASE("offsets can be UTF-16 code units") {
  Reader reader;
  reader.read("event: \xc3\xa9\nid: \xf0\x9f\x98\x80\ndata: \xe2\x82\xac!\n\ndata: b\n\n");
  CHECK_FALSE(reader.batch.is_ascii());
  reader.batch.count_in_utf16(reader.text);
  REQUIRE(reader.batch.rows().size() == 2);
  const Batch::Row& row = reader.batch.rows()[0];
  CHECK(row.type.begin == 7);
  CHECK(row.type.end == 8);
  CHECK(row.last_event_id.begin == 13);
  CHECK(row.last_event_id.end == 15);
  CHECK(row.data.begin == 22);
  CHECK(row.data.end == 24);
  CHECK(reader.batch.rows()[1].type.begin == Batch::kMessage);
  CHECK(reader.batch.rows()[1].data.begin == 32);
  reader.read("data: a\n\n");
  CHECK(reader.batch.is_ascii());
}

TEST_CASE("characters that a chunk's ends cut leave whole ones in its text") {
  const std::string_view cut = "data: a\n\ndata: \xf0\x9f\x98\x80";
  for (std::size_t left = 1; left <= 3; ++left) {
    CAPTURE(left);
    Reader reader;
    reader.read(cut.substr(0, cut.size() - left));
    CHECK(reader.text.substr(0, cut.size() - left) ==
          "data: a\n\ndata: " + std::string(4 - left, '?'));
    const std::string rest = std::string(cut.substr(cut.size() - left)) + "\n\n";
    CHECK(reader.read(rest) == Strings{"message|\xf0\x9f\x98\x80|"});
    CHECK(reader.text.substr(0, left) == std::string(left, '?'));
  }
  Reader reader;
  reader.read("data: a\n\ndata: \xe2\x82\xac");
  CHECK(reader.text.substr(9, 9) == "data: \xe2\x82\xac");
}

TEST_CASE("the newest reconnection time of a chunk counts") {
  Reader reader;
  CHECK(reader.batch.reconnection_time() == Batch::kNoTime);
  reader.read("retry: 10\nretry: 0\n");
  CHECK(reader.batch.reconnection_time() == 0);
  reader.read("retry: 4294967295\n");
  CHECK(reader.batch.reconnection_time() == Batch::kNoTime - 1);
  reader.read(":\n");
  CHECK(reader.batch.reconnection_time() == Batch::kNoTime);
}

}  // namespace
}  // namespace playground::event_stream
