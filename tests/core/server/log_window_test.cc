#include "core/server/log_window.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/record.h"

namespace playground::server {
namespace {

TEST_CASE("a message looks on each wire as docs/api.md says") {
  LogWindow log(10, 1000);
  log.append(5, "hi");
  const std::string json = R"({"seq":1,"sent_us":5,"payload":"hi"})";
  CHECK(log.json(1) == json);
  CHECK(log.encoded(1, WireFormat::kNdjsonPlain) == json + "\n");
  CHECK(log.encoded(1, WireFormat::kNdjson) == "25\r\n" + json + "\n\r\n");
  CHECK(log.encoded(1, WireFormat::kEventStreamPlain) == "id: 1\ndata: " + json + "\n\n");
  CHECK(log.encoded(1, WireFormat::kEventStream) == "32\r\nid: 1\ndata: " + json + "\n\n\r\n");
  CHECK(log.encoded(1, WireFormat::kWebSocket) == "\x81\x24" + json);
}

TEST_CASE("an event's id has the epoch, and numbers begin anew in the next one") {
  LogWindow log(10, 1000, "a1b2c3", 6);
  log.append(5, "hi");
  CHECK(log.encoded(7, WireFormat::kEventStreamPlain).starts_with("id: 7-a1b2c3\n"));
  log.begin_anew("d4e5f6");
  CHECK(log.first() == 1);
  log.append(6, "hi");
  CHECK(log.epoch() == "d4e5f6");
  CHECK(log.encoded(1, WireFormat::kEventStreamPlain).starts_with("id: 1-d4e5f6\n"));
}

TEST_CASE("the log keeps as many messages as it may, and numbers go on") {
  LogWindow log(3, 1000);
  CHECK(log.first() == 1);
  CHECK(log.last() == 0);
  for (int i = 0; i < 5; ++i) log.append(0, "x");
  CHECK(log.first() == 3);
  CHECK(log.last() == 5);
  CHECK(log.json(3) == R"({"seq":3,"sent_us":0,"payload":"x"})");
}

TEST_CASE("the log keeps as much payload as it may, and always the newest message") {
  LogWindow log(100, 10);
  log.append(0, "1234");
  log.append(0, "1234");
  CHECK(log.first() == 1);
  log.append(0, "1234");
  CHECK(log.first() == 2);
  log.append(0, std::string(50, 'x'));
  CHECK(log.first() == 4);
  CHECK(log.last() == 4);
  log.append(0, "y");
  CHECK(log.first() == 5);
}

}  // namespace
}  // namespace playground::server
