#include "native_server/spare_memory.h"

#include <chrono>
#include <cstddef>
#include <fstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/running_server.h"

// A sanitizer's allocator keeps what is freed.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace playground::server {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMegabyte = 1'000'000;

// Of this process, in bytes (proc(5), statm).
std::size_t resident() {
  std::size_t pages = 0;
  std::ifstream statm("/proc/self/statm");
  statm >> pages >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

template <typename Condition>
bool within(std::chrono::seconds time, Condition&& holds) {
  for (const auto end = std::chrono::steady_clock::now() + time;
       std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(50ms)) {
    if (holds()) return true;
  }
  return holds();
}

TEST_CASE("a server without a channel kept the memory of a heavy run") {
  RunningServer server;
  server.get("/healthz");
  const std::size_t before = resident();
  std::vector<std::string> channels;
  for (int i = 0; i < 8; ++i) {
    channels.push_back(server.create(R"({"rate":2000,"payload_bytes":3000})"));
  }
  REQUIRE(within(60s, [&] { return resident() > before + 150 * kMegabyte; }));
  // The last one's memory lies among that of the others.
  for (const std::string& channel : channels) {
    fetch(server.port(), request("DELETE", channel, "Connection: close\r\n"));
  }
  CHECK(within(30s, [&] { return resident() < before + 20 * kMegabyte; }));
}

}  // namespace
}  // namespace playground::server

#endif
