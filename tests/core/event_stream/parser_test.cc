#include "core/event_stream/parser.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/splits.h"

namespace playground::event_stream {
namespace {

using Strings = std::vector<std::string>;

// Writes each event as "type|data|id" and each retry as "retry N".
struct Recorder : ParserEvents {
  void on_event(const Event& event) override {
    log.push_back(std::string(event.type) + "|" + std::string(event.data) + "|" +
                  std::string(event.last_event_id));
  }
  void on_retry(std::uint64_t milliseconds) override {
    log.push_back("retry " + std::to_string(milliseconds));
  }
  Strings log;
};

void check(std::string_view stream, const Strings& expected, std::string_view last_event_id = "") {
  CAPTURE(stream);
  for_each_split(stream, [&](const std::vector<std::string_view>& pieces) {
    Parser parser;
    Recorder recorder;
    for (const std::string_view piece : pieces) {
      REQUIRE(parser.feed(piece, recorder) == ParseStatus::kOk);
    }
    CHECK(recorder.log == expected);
    CHECK(parser.last_event_id() == last_event_id);
  });
}

TEST_CASE("an event has the type message, its data and no id", "[html-9.2.6]") {
  check("data: hello\n\n", {"message|hello|"});
}

TEST_CASE("lines end in LF, CR or CRLF, also across chunks", "[html-9.2.5]") {
  check("data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\r\n\ndata: e\n\r\n",
        {"message|a|", "message|b|", "message|c|", "message|d|", "message|e|"});
}

TEST_CASE("data lines are joined by LF and the last LF is dropped", "[html-9.2.6]") {
  check("data: one\ndata: two\ndata:\n\n", {"message|one\ntwo\n|"});
}

TEST_CASE("one space after the colon is dropped, and no more", "[html-9.2.6]") {
  check("data:x\n\ndata: x\n\ndata:  x\n\ndata: x \n\n",
        {"message|x|", "message|x|", "message| x|", "message|x |"});
}

TEST_CASE("an empty data line makes an event, no data line makes none", "[html-9.2.6]") {
  check("data\n\ndata:\n\nevent: silent\n\n\n", {"message||", "message||"});
}

TEST_CASE("a named event has its name for one event only", "[html-9.2.6]") {
  check("event: add\ndata: 1\n\ndata: 2\n\n", {"add|1|", "message|2|"});
}

TEST_CASE("an id lasts until the next one, and counts without data", "[html-9.2.6]") {
  check("id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata: d\n\n",
        {"message|a|1", "message|b|1", "message|c|2", "message|d|"});
  check("id: 7\n\n", {}, "7");
}

TEST_CASE("an id that no blank line followed is not remembered", "[html-9.2.6]") {
  check("id: 1\ndata: a\n\nid: 2\ndata: b\n", {"message|a|1"}, "1");
}

TEST_CASE("an id with NUL is ignored", "[html-9.2.6]") {
  using namespace std::string_literals;
  check("id: 1\ndata: a\n\nid: 2\0"s + "3\ndata: b\n\n", {"message|a|1", "message|b|1"}, "1");
}

TEST_CASE("a retry of digits only sets the reconnection time", "[html-9.2.6]") {
  check("retry: 3000\nretry: 3s\nretry: -1\nretry: \nretry\nretry: 0\n", {"retry 3000", "retry 0"});
  check("retry:5\nretry:  5\nretry: 5 \nretry: +5\nretry: 5.0\nretry: 0x5\nretry: 007\n",
        {"retry 5", "retry 7"});
}

TEST_CASE("a retry that no number holds is the longest wait", "[html-9.2.6]") {
  check("retry: 18446744073709551615\n", {"retry 18446744073709551615"});
  check("retry: 99999999999999999999999\n", {"retry 18446744073709551615"});
}

TEST_CASE("comments and unknown fields are ignored", "[html-9.2.6]") {
  check(": heartbeat\n:\nnonsense: 1\nnonsense\n data: no\nData: no\ndata: yes\n\n",
        {"message|yes|"});
}

TEST_CASE("one leading byte order mark is dropped, whole or in pieces", "[html-9.2.5]") {
  check(
      "\xef\xbb\xbf"
      "data: a\n\n",
      {"message|a|"});
  check(
      "\xef\xbb\xbf\xef\xbb\xbf"
      "data: a\n\n",
      {});
  check(
      "\xef\xbb"
      "data: a\ndata: b\n\n",
      {"message|b|"});
  check(
      "data: \xef\xbb\xbf"
      "a\n\n",
      {"message|\xef\xbb\xbf"
       "a|"});
}

TEST_CASE("a field is known by its whole name, in lower case, without spaces", "[html-9.2.6]") {
  check("data : no\n\n data: no\n\ndatax: no\n\nDATA: no\n\ndat: no\n\nids: 1\ndata: yes\n\n",
        {"message|yes|"});
}

TEST_CASE("a colon in a value is the value's", "[html-9.2.6]") {
  check("data::a:b\nid: x:1\nevent: y:2\n\n", {"y:2|:a:b|x:1"}, "x:1");
}

TEST_CASE("of several types and ids in one event the last one counts", "[html-9.2.6]") {
  check("event: a\nevent: b\nid: 1\nid: 2\ndata: x\n\n", {"b|x|2"}, "2");
  check("event: a\nevent\ndata: x\n\n", {"message|x|"});
}

TEST_CASE("a type without data is forgotten", "[html-9.2.6]") {
  check("event: a\n\ndata: x\n\n", {"message|x|"});
}

TEST_CASE("NUL is data like any other", "[html-9.2.6]") {
  using namespace std::string_literals;
  check("data: a\0b\nevent: c\0\n\n"s, {"c\0|a\0b|"s});
  check("\0data: a\n\n"s, {});
}

TEST_CASE("every mixture of line ends is read alike", "[html-9.2.5]") {
  check("data: a\rdata: b\r\ndata: c\n\r\r\n\n\rdata: d\r\n\r", {"message|a\nb\nc|", "message|d|"});
}

TEST_CASE("an event is read alike whole and with its texts in different chunks", "[html-9.2.6]") {
  check("id: one\ndata: a\n\nid: two\nevent: e\ndata: b\ndata: c\n\ndata: d\n\n",
        {"message|a|one", "e|b\nc|two", "message|d|two"}, "two");
}

TEST_CASE("bytes that are not UTF-8 come through for the reader to replace", "[html-9.2.5]") {
  check("data: \xff\xf0\x9f\n\n", {"message|\xff\xf0\x9f|"});
}

TEST_CASE("the end of the stream in the middle of an event drops it", "[html-9.2.6]") {
  check("data: a\n\ndata: b\n", {"message|a|"});
  check("data: a\n\ndata: b", {"message|a|"});
}

TEST_CASE("reset begins a new stream and keeps the last event id") {
  Parser parser("5");
  Recorder recorder;
  parser.feed("data: a\n\nid: 6\n\ndata: half", recorder);
  parser.reset();
  parser.feed(
      "\xef\xbb\xbf"
      "data: b\n\n",
      recorder);
  CHECK(recorder.log == Strings{"message|a|5", "message|b|6"});
}

TEST_CASE("reset forgets an id that no blank line followed") {
  Parser parser;
  Recorder recorder;
  parser.feed("id: 1\n\nid: 2\ndata: half\n", recorder);
  parser.reset();
  CHECK(parser.last_event_id() == "1");
  parser.feed("data: a\n\n", recorder);
  CHECK(recorder.log == Strings{"message|a|1"});
}

TEST_CASE("a line or a data over the limit is a lasting error until reset") {
  const std::string long_line = "data: " + std::string(Parser::kMaxEventBytes, 'x');
  Parser parser;
  Recorder recorder;
  CHECK(parser.feed(long_line, recorder) == ParseStatus::kTooLarge);
  CHECK(parser.feed("\n\ndata: a\n\n", recorder) == ParseStatus::kTooLarge);
  CHECK(recorder.log.empty());
  parser.reset();

  const std::string half = "data: " + std::string(Parser::kMaxEventBytes / 2, 'x') + "\n";
  CHECK(parser.feed(half, recorder) == ParseStatus::kOk);
  CHECK(parser.feed(half, recorder) == ParseStatus::kTooLarge);
  parser.reset();
  CHECK(parser.feed("data: a\n\n", recorder) == ParseStatus::kOk);
  CHECK(recorder.log == Strings{"message|a|"});
}

}  // namespace
}  // namespace playground::event_stream
