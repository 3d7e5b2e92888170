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
  check("retry: 99999999999999999999999\n", {});
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
