// The program itself: its options, its exit status, its end by a signal.
#include <chrono>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <signal.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/record_reader.h"
#include "tests/native_server/support/running_server.h"

namespace playground::server {
namespace {

class Program {
 public:
  explicit Program(std::vector<std::string> arguments, const rlimit* files = nullptr) {
    int out[2];
    int err[2];
    REQUIRE(pipe2(out, O_CLOEXEC) == 0);
    REQUIRE(pipe2(err, O_CLOEXEC) == 0);
    arguments.insert(arguments.begin(), PLAYGROUND_SERVER_BINARY);
    std::vector<char*> words;
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    pid_ = fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      dup2(out[1], STDOUT_FILENO);
      dup2(err[1], STDERR_FILENO);
      if (files) setrlimit(RLIMIT_NOFILE, files);
      execv(words[0], words.data());
      _exit(127);
    }
    close(out[1]);
    close(err[1]);
    out_ = out[0];
    err_ = err[0];
  }
  ~Program() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      wait();
    }
    close(out_);
    close(err_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::string line() { return read_until(out_, "\n"); }
  std::string output() { return read_until(out_, {}); }
  std::string errors() { return read_until(err_, {}); }
  void signal(int number) { kill(pid_, number); }

  // The exit status; 1000 and more for an end by a signal.
  int wait() {
    int status = 0;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  static std::string read_until(int descriptor, std::string_view end) {
    std::string text;
    char c;
    while (::read(descriptor, &c, 1) == 1) {
      text += c;
      if (!end.empty() && text.ends_with(end)) break;
    }
    return text;
  }

  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

std::uint16_t port_in(const std::string& line) {
  REQUIRE(line.starts_with("Listening on http://127.0.0.1:"));
  REQUIRE(line.ends_with("/\n"));
  return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

TEST_CASE("a signal ends the program within two seconds, its streams in order") {
  for (const int number : {SIGINT, SIGTERM}) {
    CAPTURE(number);
    Program program({"--port", "0", "--public-origin", "http://test"});
    const std::uint16_t port = port_in(program.line());
    const std::string created = fetch(port, request("POST", "/api/channels", {}, "{}")).body;
    const std::string channel = "/api/channels/" + created.substr(created.rfind('"') - 32, 32);
    const auto sse = open_reader(Transport::kEventStream, port, channel);
    const auto socket = open_reader(Transport::kWebSocket, port, channel);
    sse->next();
    socket->next();
    const auto start = std::chrono::steady_clock::now();
    program.signal(number);
    while (sse->next()) {
    }
    while (socket->next()) {
    }
    CHECK(program.wait() == 0);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
    CHECK(program.errors().empty());
  }
}

TEST_CASE(
    "the open-file limit is raised as far as goes, and what it allows is printed and enforced") {
  const rlimit lower{128, 300};
  Program program({"--port", "0", "--lane-ports", "0", "--public-origin", "http://test"}, &lower);
  const std::uint16_t port = port_in(program.line());
  CHECK(program.line() == "Room for 236 connections, of which 213 streams and held polls\n");
  const std::string created = fetch(port, request("POST", "/api/channels", {}, "{}")).body;
  const std::string channel = "/api/channels/" + created.substr(created.rfind('"') - 32, 32);
  std::vector<std::unique_ptr<RecordReader>> readers;
  for (int i = 0; i < 213; ++i) {
    readers.push_back(open_reader(Transport::kEventStream, port, channel));
  }
  const Response refused = fetch(port, request("GET", channel + "/sse"));
  CHECK(refused.status == 503);
  CHECK(refused.body.find("(--max-subscribers)") != std::string::npos);
  for (const auto& reader : readers) REQUIRE(reader->next());
}

TEST_CASE("a bad option is one line and exit status 2") {
  Program program({"--frobnicate"});
  CHECK(program.wait() == 2);
  const std::string errors = program.errors();
  CHECK(errors.find("--frobnicate") != std::string::npos);
  CHECK(errors.find('\n') == errors.size() - 1);
  CHECK(program.output().empty());
}

TEST_CASE("a busy port is one line and exit status 2") {
  RunningServer server;
  Program program({"--port", std::to_string(server.port())});
  CHECK(program.wait() == 2);
  const std::string errors = program.errors();
  CHECK(errors.find(std::to_string(server.port())) != std::string::npos);
  CHECK(errors.find('\n') == errors.size() - 1);
}

TEST_CASE("the help and the version are printed, with exit status 0") {
  Program help({"--help"});
  CHECK(help.output().find("--lane-ports") != std::string::npos);
  CHECK(help.wait() == 0);
  Program version({"--version"});
  CHECK(version.output().starts_with("playground_server "));
  CHECK(version.wait() == 0);
}

}  // namespace
}  // namespace playground::server
