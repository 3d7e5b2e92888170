#include "core/record.h"

#include <catch2/catch_test_macros.hpp>

namespace playground {
namespace {

std::string encoded(const auto& record) {
  std::string out;
  encode(record, out);
  return out;
}

TEST_CASE("a message is the JSON that docs/api.md shows") {
  CHECK(encoded(Message{7, 1790000000000000, "hi"}) ==
        R"({"seq":7,"sent_us":1790000000000000,"payload":"hi"})");
}

TEST_CASE("every record comes back from its JSON as it was") {
  const Record records[] = {Message{1, -5, "quote \" backslash \\ line\n tab\t é \x01"},
                            Greeting{12, 15},
                            Greeting{12, 15, "a1b2c3", "one"},
                            Heartbeat{1790000000000001},
                            Heartbeat{1790000000000001, "the \"log\""},
                            Reset{5, 9}};
  for (const Record& record : records) {
    const std::string json = std::visit([](const auto& each) { return encoded(each); }, record);
    CAPTURE(json);
    const auto parsed = parse_record(json);
    REQUIRE(parsed);
    CHECK(*parsed == record);
  }
}

TEST_CASE("a payload that is not UTF-8 is mended, so that the JSON is valid") {
  const auto parsed = parse_record(encoded(Message{1, 0,
                                                   "a\xff"
                                                   "b"}));
  REQUIRE(parsed);
  CHECK(std::get<Message>(*parsed).payload ==
        "a\xef\xbf\xbd"
        "b");
}

TEST_CASE("a record that is wrong is refused with the name of its member") {
  const struct {
    const char* json;
    const char* named;
  } rows[] = {
      {"", "JSON"},
      {"[]", "JSON"},
      {R"({"seq":0,"sent_us":1,"payload":""})", "seq"},
      {R"({"seq":-1,"sent_us":1,"payload":""})", "seq"},
      {R"({"seq":1,"sent_us":"x","payload":""})", "sent_us"},
      {R"({"seq":1,"sent_us":9223372036854775808,"payload":""})", "sent_us"},
      {R"({"seq":1,"sent_us":1})", "payload"},
      {R"({"seq":1,"sent_us":1,"payload":2})", "payload"},
      {R"({"greeting":{"last":1}})", "heartbeat_s"},
      {R"({"greeting":7})", "last"},
      {R"({"heartbeat":{}})", "at_us"},
      {R"({"reset":{"first":1}})", "last"},
      {R"({"other":1})", "neither"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.json);
    const auto parsed = parse_record(row.json);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().message.find(row.named) != std::string::npos);
  }
}

TEST_CASE(
    "a message is the same in whatever spelling of JSON, and text that only resembles one none") {
  const Record message = Message{7, 1'790'000'000'000'000, "a payload"};
  for (const std::string_view text : {
           R"({"seq":7,"sent_us":1790000000000000,"payload":"a payload"})",
           R"({ "seq":7, "sent_us":1790000000000000, "payload":"a payload" })",
           R"({"payload":"a payload","sent_us":1790000000000000,"seq":7})",
           R"({"seq":7,"sent_us":1790000000000000,"payload":"a\u0020payload"})",
           R"({"seq":7,"sent_us":1790000000000000,"payload":"a payload","more":"\"}"})",
       }) {
    CAPTURE(text);
    const auto record = parse_record(text);
    REQUIRE(record);
    CHECK(*record == message);
  }
  for (const std::string_view text : {
           R"({"seq":07,"sent_us":1,"payload":""})",
           R"({"seq":7.5,"sent_us":1,"payload":""})",
           R"({"seq":18446744073709551616,"sent_us":1,"payload":""})",
           R"({"seq":7,"sent_us":01,"payload":""})",
           R"({"seq":7,"sent_us":1,"payload":"})",
           R"({"seq":7,"sent_us":1,"payload":"a"b"})",
           R"({"seq":7,"sent_us":1,"payload":"\"})",
           R"({"seq":7,"sent_us":1,"payload":""}})",
           "{\"seq\":7,\"sent_us\":1,\"payload\":\"\n\"}",
           "{\"seq\":7,\"sent_us\":1,\"payload\":\"\xff\"}",
       }) {
    CAPTURE(text);
    CHECK_FALSE(parse_record(text));
  }
}

}  // namespace
}  // namespace playground
