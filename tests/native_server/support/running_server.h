// A server in a thread of its own, on ports of the kernel's choice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/poll/batch.h"
#include "native_server/server.h"
#include "tests/native_server/support/client.h"

namespace playground::server {

// Any free port and no lane ports; room for thousands, however fast they ask. Tests call it `a` and
// `test`.
inline Options test_options() {
  Options options;
  options.port = 0;
  options.lane_ports = 0;
  options.origins = {"http://a", "http://test"};
  options.limits.requests_per_s = 0;
  use_open_file_limit(options.limits);
  return options;
}

// Whether it is a batch without messages, to ask for `last` after next, of a channel with an epoch.
inline bool is_empty_batch(std::string_view json, std::uint64_t last) {
  const auto batch = poll::parse_batch(json);
  return batch && batch->messages.empty() && batch->last == last && !batch->reset &&
         batch->epoch.size() == 6;
}

class RunningServer {
 public:
  explicit RunningServer(const Options& options = test_options(), std::string_view page = {})
      : server_(options, page),
        port_(server_.port()),
        lane_ports_(server_.lane_ports()),
        thread_([this] { server_.run(); }) {}
  ~RunningServer() { stop(); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  void begin_stop() { server_.stop(); }
  void stop() {
    if (!thread_.joinable()) return;
    server_.stop();
    thread_.join();
  }

  std::uint16_t port() const { return port_; }
  const std::vector<std::uint16_t>& lane_ports() const { return lane_ports_; }

  Response get(std::string_view target, std::string_view headers = {}) const {
    return fetch(port_, request("GET", target, headers));
  }
  Response post(std::string_view target, std::string_view body) const {
    return fetch(port_, request("POST", target, {}, body));
  }

  // The path of a new channel.
  std::string create(std::string_view scenario = "{}") const {
    const std::string body = post("/api/channels", scenario).body;
    const std::size_t id = body.rfind('"') - 32;
    return "/api/channels/" + body.substr(id, 32);
  }

  // A channel that publishes nothing by itself after its first message.
  std::string create_quiet() const { return create(R"({"count":1})"); }

 private:
  Server server_;
  std::uint16_t port_;
  std::vector<std::uint16_t> lane_ports_;
  std::thread thread_;
};

}  // namespace playground::server
