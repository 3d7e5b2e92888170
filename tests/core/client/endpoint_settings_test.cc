#include "core/client/endpoint_settings.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/client/settings.h"

namespace playground::client {
namespace {

Result<Settings> read(const std::string& endpoints) {
  return parse_settings(R"({"lanes":[],"endpoints":)" + endpoints + "}");
}

TEST_CASE("an address alone is an endpoint, over what it names", "[endpoint]") {
  const auto stream = read(R"([{"url":"https://example.org:444/events?topic=a"}])");
  REQUIRE(stream);
  REQUIRE(stream->endpoints.size() == 1);
  const FeedSpec& feed = stream->endpoints[0]->feed;
  CHECK(feed.transport == TransportId::kSseFetch);
  CHECK(feed.codec == CodecId::kPlain);
  CHECK(feed.endpoint.http == "https://example.org:444/events?topic=a");
  CHECK(feed.endpoint.name == "example.org:444");
  const auto socket = read(R"([{"url":"wss://example.org/socket"}])");
  REQUIRE(socket);
  CHECK(socket->endpoints[0]->feed.transport == TransportId::kWebSocket);
  CHECK(socket->endpoints[0]->feed.endpoint.websocket == "wss://example.org/socket");
}

TEST_CASE("an endpoint with all its members", "[endpoint]") {
  const auto settings = read(R"([{"name":"prices","transport":"ndjson","url":"http://a/b",
      "method":"POST","headers":{"Authorization":"Bearer x"},"body":"{}",
      "contentType":"application/json","time":"/ts","number":"/meta/seq","sendTo":"http://a/say",
      "sendType":"application/json"},
      {"transport":"websocket","url":"http://a/socket","subprotocols":["a","b"]},
      {"transport":"sse-native","url":"http://a/s","events":["tick"]},
      {"transport":"short-poll","url":"http://a/p","pollMs":250}])");
  REQUIRE(settings);
  const EndpointSettings& first = *settings->endpoints[0];
  CHECK(first.feed.endpoint.method == "POST");
  REQUIRE(first.feed.endpoint.header_fields.size() == 1);
  CHECK(first.feed.endpoint.header_fields[0].value == "Bearer x");
  CHECK(first.feed.endpoint.number_at == "/meta/seq");
  CHECK(first.send_to == "http://a/say");
  CHECK(settings->endpoints[1]->feed.endpoint.websocket == "ws://a/socket");
  CHECK(settings->endpoints[1]->feed.endpoint.subprotocols.size() == 2);
  CHECK(settings->endpoints[2]->feed.endpoint.event_names.front() == "tick");
  CHECK(settings->endpoints[3]->feed.endpoint.short_poll_interval == 250 * kMillisecond);
  // Names tell them apart.
  CHECK(settings->endpoints[1]->feed.endpoint.name == "a");
  CHECK(settings->endpoints[2]->feed.endpoint.name == "a 3");
  CHECK(settings->endpoints[3]->feed.endpoint.name == "a 4");
}

TEST_CASE("what cannot be followed is refused with its name", "[endpoint]") {
  const struct {
    const char* endpoints;
    const char* says;
  } rows[] = {
      {"{}", "endpoints: it must be an array of at most 8 objects"},
      {R"(["http://a/"])", "endpoints: it must be an object"},
      {R"([{"transport":"websocket"}])", "endpoints: url is missing"},
      {R"([{"url":"a/b"}])", "endpoints: url must be an address like https://example.org/path"},
      {R"([{"url":"ftp://a/b"}])", "endpoints: url must be an address"},
      {R"([{"url":"http://u:p@a/b"}])", "without a name, a password or a fragment"},
      {R"([{"url":"http://a/b#c"}])", "without a name, a password or a fragment"},
      {R"([{"url":"ws://a/b","transport":"ndjson"}])", "endpoints: url must be an address"},
      {R"([{"url":"http://a/b","transport":"sse"}])",
       "endpoints: transport must be sse-native, sse-fetch, websocket, ndjson or short-poll, not "
       "\"sse\""},
      {R"([{"url":"http://a/b","transport":7}])", "not 7"},
      {R"([{"url":"http://a/b","transport":"sse-native","headers":{"X-A":"1"}}])",
       "endpoints: headers: a browser sends none with EventSource"},
      {R"([{"url":"ws://a/b","method":"POST"}])", "method: a browser sends none with WebSocket"},
      {R"([{"url":"http://a/b","headers":{"X A":"1"}}])", "headers: no field has the name X A"},
      {R"([{"url":"http://a/b","headers":{"Cookie":"1"}}])",
       "headers: a browser does not let a page send Cookie"},
      {R"([{"url":"http://a/b","headers":{"X-A":"1\r\nB: 2"}}])",
       "headers: X-A: a field's value has no line end in it"},
      {R"([{"url":"http://a/b","body":"x"}])", "body: a browser sends none with GET"},
      {R"([{"url":"http://a/b","method":"TRACE"}])", "does not let a page send TRACE"},
      {R"([{"url":"ws://a/b","subprotocols":["a","a"]}])", "subprotocols: twice there is \"a\""},
      {R"([{"url":"ws://a/b","subprotocols":["a b"]}])", "subprotocols: no name is \"a b\""},
      {R"([{"url":"http://a/b","subprotocols":["a"]}])", "only a WebSocket has them"},
      {R"([{"url":"ws://a/b","events":["a"]}])", "only an event stream has names of events"},
      {R"([{"url":"http://a/b","time":"ts"}])",
       "time must be a JSON Pointer (RFC 6901) such as /ts, not ts"},
      {R"([{"url":"http://a/b","pollMs":1}])", "pollMs must be a number from 50"},
      {R"([{"url":"ws://a/b","sendTo":"http://a/c"}])", "a WebSocket takes what is said itself"},
      {R"([{"url":"http://a/b","sendTo":"/c"}])", "sendTo must be an address"},
      {R"([{"url":"http://a/b","speed":1}])", "\"speed\" is not a member of an endpoint"},
      {R"([{"url":"http://a/b"},{"url":7}])", "endpoints: number 2: url is missing"},
      {"[]", "server is missing"},
  };
  for (const auto& [endpoints, says] : rows) {
    CAPTURE(endpoints);
    const auto settings = read(endpoints);
    REQUIRE_FALSE(settings);
    CAPTURE(settings.error().message);
    CHECK(settings.error().message.find(says) != std::string::npos);
  }
}

TEST_CASE("a simulated run follows nobody's endpoint", "[endpoint]") {
  const auto settings =
      parse_settings(R"({"lanes":["sse"],"endpoints":[{"url":"http://a/"}],"simulated":{}})");
  REQUIRE_FALSE(settings);
  CHECK(settings.error().message == "endpoints: a simulated run has no servers but its own");
}

}  // namespace
}  // namespace playground::client
