// GET /metrics, as a scraper reads it.
#include <cstdint>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "core/poll/batch.h"
#include "native_server/prometheus.h"
#include "tests/native_server/support/record_reader.h"
#include "tests/native_server/support/running_server.h"

namespace playground::server {
namespace {

// Samples by name and labels. Every one must belong to a family that was announced, once.
std::map<std::string, double> samples_of(const std::string& text) {
  std::map<std::string, double> samples;
  std::set<std::string> families;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    std::string second;
    std::string third;
    words >> first >> second >> third;
    if (first == "#") {
      if (second == "TYPE") REQUIRE(families.insert(third).second);
      continue;
    }
    std::string family = first.substr(0, first.find('{'));
    for (const char* suffix : {"_bucket", "_sum", "_count"}) {
      if (!families.count(family) && family.ends_with(suffix)) {
        family.resize(family.size() - std::string_view(suffix).size());
      }
    }
    CAPTURE(line);
    REQUIRE(families.count(family) == 1);
    REQUIRE(
        samples
            .emplace(line.substr(0, line.rfind(' ')), std::stod(line.substr(line.rfind(' ') + 1)))
            .second);
  }
  return samples;
}

TEST_CASE("the metrics count connections, readers, messages and bytes") {
  Options options = test_options();
  options.limits.channels = 2;
  RunningServer server(options);
  const std::string channel = server.create(R"({"rate":5000,"count":10,"history":4})");
  while (poll::parse_batch(server.get(channel + "/poll").body)->last < 10) usleep(1000);
  const auto sse = open_reader(Transport::kEventStream, server.port(), channel, 1);
  sse->expect_messages(7, 4);
  const auto websocket = open_reader(Transport::kWebSocket, server.port(), channel, 9);
  websocket->expect_messages(10, 1);
  server.create();
  CHECK(server.post("/api/channels", "{}").status == 503);

  const Response response = server.get("/metrics");
  CHECK(response.status == 200);
  CHECK(response.header("content-type") == kPrometheusType);
  auto samples = samples_of(response.body);
  CHECK(samples.at("playground_connections") == 3);
  CHECK(samples.at("playground_connections_accepted_total") >= 7);
  CHECK(samples.at("playground_channels") == 2);
  CHECK(samples.at("playground_subscribers{transport=\"sse\"}") == 1);
  CHECK(samples.at("playground_subscribers{transport=\"websocket\"}") == 1);
  CHECK(samples.at("playground_subscribers{transport=\"long-poll\"}") == 0);
  CHECK(samples.at("playground_messages_total{transport=\"sse\"}") == 4);
  CHECK(samples.at("playground_messages_total{transport=\"websocket\"}") == 1);
  CHECK(samples.at("playground_messages_total{transport=\"poll\"}") >= 4);
  CHECK(samples.at("playground_dropped_messages_total{transport=\"sse\"}") == 5);
  CHECK(samples.at("playground_delivery_delay_seconds_count{transport=\"sse\"}") == 4);
  CHECK(samples.at("playground_delivery_delay_seconds_bucket{transport=\"sse\",le=\"+Inf\"}") == 4);
  CHECK(samples.at("playground_delivery_delay_seconds_sum{transport=\"sse\"}") > 0);
  CHECK(samples.at("playground_published_messages_total") >= 11);
  CHECK(samples.at("playground_event_loop_lag_seconds_count") > 0);
  CHECK(samples.at("playground_requests_total{status=\"201\"}") == 2);
  CHECK(samples.at("playground_requests_total{status=\"101\"}") == 1);
  CHECK(samples.at("playground_requests_total{status=\"503\"}") == 1);
  CHECK(samples.at("playground_refusals_total{limit=\"--max-channels\"}") == 1);
  CHECK(samples.at("playground_received_bytes_total") > 500);
  CHECK(samples.at("playground_sent_bytes_total") > 1000);
  CHECK(samples.at("process_resident_memory_bytes") > 1'000'000);
  CHECK(samples.at("process_open_fds") > 5);
}

TEST_CASE("a duration counts in the first bucket that holds it, and in all behind it") {
  Metrics metrics;
  for (const std::int64_t us : {-5, 0, 100, 101, 20'000'000}) metrics.lag.record(us);
  auto samples = samples_of(to_prometheus(metrics, {}));
  const std::string bucket = "playground_event_loop_lag_seconds_bucket";
  CHECK(samples.at(bucket + "{le=\"0.0001\"}") == 3);
  CHECK(samples.at(bucket + "{le=\"0.00025\"}") == 4);
  CHECK(samples.at(bucket + "{le=\"10\"}") == 4);
  CHECK(samples.at(bucket + "{le=\"+Inf\"}") == 5);
  CHECK(samples.at("playground_event_loop_lag_seconds_sum") == 20.000201);
}

}  // namespace
}  // namespace playground::server
