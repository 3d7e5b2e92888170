#include "native_client/watch.h"

#include <cstdio>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/json.h"
#include "tests/support/virtual_host.h"

namespace playground::native {
namespace {

using client::kMillisecond;
using client::kSecond;

constexpr std::string_view kEventStream = "Content-Type: text/event-stream\r\n";

// `watch --json` on a host without a world.
struct Scene {
  explicit Scene(std::string_view url) { options.url = *parse_url(url); }
  ~Scene() { std::fclose(file); }

  void start() {
    options.json = true;
    watch.start(host.now);
  }
  // What has been printed: "event one", "silent 10000".
  std::vector<std::string> seen() {
    std::vector<std::string> all;
    std::rewind(file);
    std::string line;
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) {
      if (c != '\n') {
        line += static_cast<char>(c);
        continue;
      }
      const Json json = parse_json(line);
      std::string words = *text_in(json, "what");
      for (const std::string_view name : {"data", "text", "why", "lastEventId"}) {
        const std::string* text = text_in(json, name);
        if (text != nullptr && !text->empty()) words += " " + *text;
      }
      if (const Json* silent = json.find("silentMs")) words += " " + json_text(*silent);
      all.push_back(words);
      line.clear();
    }
    std::fseek(file, 0, SEEK_END);
    return all;
  }

  VirtualHost host;
  Options options;
  std::FILE* file = std::tmpfile();
  Output output{file};
  WatchReport report{output, true, false, host.now};
  Watch watch{options, host.dispatcher, report};
};

TEST_CASE("silence is told after 10 s, and each time that it has doubled", "[watch]") {
  Scene scene("http://server/events");
  scene.start();
  const auto id = scene.host.find("/events");
  scene.host.tell(id, client::Opened{200, kEventStream});
  scene.host.advance(45 * kSecond);
  scene.host.tell(id, client::Chunk{": beat\n\n"});
  scene.host.advance(11 * kSecond);
  CHECK(scene.seen() == std::vector<std::string>{"request", "open", "silent 10000", "silent 20000",
                                                 "silent 40000", "comment beat", "silent 10000"});
}

TEST_CASE("a stream that ends is asked for again after its reconnection time", "[watch]") {
  Scene scene("http://server/events");
  scene.start();
  const auto first = scene.host.find("/events");
  scene.host.tell(first, client::Opened{200, kEventStream});
  scene.host.tell(first, client::Chunk{"retry: 50\nid: 7\ndata: one\n\ndata: lost"});
  scene.host.tell(first, client::Closed{0, "ended"});
  scene.host.advance(49 * kMillisecond);
  CHECK_FALSE(scene.host.has_open("/events"));
  scene.host.advance(1 * kMillisecond);
  const auto second = scene.host.find("/events");
  CHECK(scene.host.requests.back().header_fields.back().name == "Last-Event-ID");
  CHECK(scene.host.requests.back().header_fields.back().value == "7");
  scene.host.tell(second, client::Opened{200, kEventStream});
  scene.host.tell(second, client::Chunk{"data: two\n\n"});
  scene.watch.stop(scene.host.now);
  CHECK(scene.seen() == std::vector<std::string>{"request", "open", "retry", "event one 7",
                                                 "lost ended 7", "request 7", "open", "event two 7",
                                                 "end"});
  CHECK(scene.watch.over());
  CHECK(scene.watch.status() == 0);
}

TEST_CASE("after so many, nothing more is told of what has come", "[watch]") {
  Scene scene("http://server/events");
  scene.options.count = 2;
  scene.start();
  const auto id = scene.host.find("/events");
  scene.host.tell(id, client::Opened{200, kEventStream});
  scene.host.tell(id,
                  client::Chunk{"data: one\n\n: between\ndata: two\n\n: after\ndata: three\n\n"});
  CHECK(scene.watch.over());
  CHECK_FALSE(scene.host.has_open("/events"));
  CHECK(scene.seen() == std::vector<std::string>{"request", "open", "event one", "comment between",
                                                 "event two", "end"});
}

TEST_CASE("a stream that is refused when it is asked for again is over", "[watch]") {
  Scene scene("http://server/events");
  scene.start();
  const auto first = scene.host.find("/events");
  scene.host.tell(first, client::Opened{200, kEventStream});
  scene.host.tell(first, client::Chunk{"data: one\n\n"});
  scene.host.tell(first, client::Closed{0, "ended"});
  scene.host.advance(3 * kSecond);
  const auto second = scene.host.find("/events");
  scene.host.tell(second, client::Opened{204, ""});
  scene.host.tell(second, client::Closed{0, "it has no body"});
  CHECK(scene.watch.over());
  CHECK(scene.watch.status() == 1);
  CHECK(scene.seen()[6] ==
        "problem the answer is 204 No Content, which tells an EventSource to stop");
}

}  // namespace
}  // namespace playground::native
