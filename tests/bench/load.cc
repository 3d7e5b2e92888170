// bench_load: many subscribers, or many pollers, on one thread; prints what they saw as one line of
// JSON. Every server under test puts `"sent_us":<scheduled send, microseconds since the epoch>`
// into its messages, so that one way of measuring serves them all: delay is from the scheduled send
// to the return of the recv() that held the last digit.
//
// One file: it is a program of its own, and what it shares with the project is the histogram.
#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <vector>

#include "core/json_text.h"
#include "core/measure/histogram.h"

namespace {

using playground::append_number;
using playground::measure::Histogram;

constexpr std::string_view kUsage =
    "usage: bench_load --port P --path /sse --mode subscribe|websocket|long-poll|request|leave\n"
    "                  [--connections 1000] [--seconds 10] [--warmup 2] [--lazy 0]\n"
    "  subscribe   a GET whose response never ends\n"
    "  websocket   an Upgrade, then frames\n"
    "  long-poll   a GET held by the server, asked again with after=<last>\n"
    "  request     a GET after another on each connection, as fast as they are answered\n"
    "  leave       as subscribe; then all leave at once, while another connection asks for\n"
    "              --probe /healthz every millisecond: the delay is that of its answers, and the\n"
    "              processor's time that of the process --server PID\n"
    "  --lazy N    N further subscribers that never read\n";

struct Options {
  std::uint16_t port = 0;
  std::string path;
  std::string mode = "subscribe";
  int connections = 1000;
  double seconds = 10;
  double warmup = 2;
  int lazy = 0;
  std::string probe;
  int server = 0;
};

std::int64_t clock_us(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "bench_load: %s\n", what.c_str());
  std::exit(2);
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (i + 1 == argc) die(std::string(kUsage));
    const char* value = argv[i + 1];
    if (name == "--port") {
      options.port = static_cast<std::uint16_t>(std::atoi(value));
    } else if (name == "--path") {
      options.path = value;
    } else if (name == "--mode") {
      options.mode = value;
    } else if (name == "--connections") {
      options.connections = std::atoi(value);
    } else if (name == "--seconds") {
      options.seconds = std::atof(value);
    } else if (name == "--warmup") {
      options.warmup = std::atof(value);
    } else if (name == "--lazy") {
      options.lazy = std::atoi(value);
    } else if (name == "--probe") {
      options.probe = value;
    } else if (name == "--server") {
      options.server = std::atoi(value);
    } else {
      die("unknown option " + std::string(name) + "\n" + std::string(kUsage));
    }
  }
  if (options.port == 0 || options.path.empty()) die(std::string(kUsage));
  return options;
}

struct Client {
  int fd = -1;
  bool connected = false;
  bool greeted = false;  // the response's head has come
  bool closed = false;
  std::string carry;  // what may be the beginning of something that goes on in the next bytes
  std::size_t body_left = 0;
};

class Load {
 public:
  explicit Load(Options options) : options_(std::move(options)) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    polling_ = options_.mode == "long-poll";
    requesting_ = options_.mode == "request";
  }

  void run() {
    clients_.resize(static_cast<std::size_t>(options_.connections));
    lazy_.resize(static_cast<std::size_t>(options_.lazy));
    const std::int64_t start = clock_us(CLOCK_MONOTONIC);
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      open(clients_[i], i);
      // The kernel's queue of half-open connections is no one's to overrun: what is ready is taken.
      if (i % 64 == 63) poll(0);
    }
    while (greeted_ + failed_ < options_.connections &&
           clock_us(CLOCK_MONOTONIC) - start < 20'000'000) {
      poll(100);
    }
    connect_us_ = clock_us(CLOCK_MONOTONIC) - start;
    for (Client& client : lazy_) open_lazy(client);
    if (options_.mode == "leave") {
      leave();
      return print();
    }

    for (const double phase : {options_.warmup, options_.seconds}) {
      delay_us_.reset();
      messages_ = bytes_ = answers_ = 0;
      const std::int64_t begin = clock_us(CLOCK_MONOTONIC);
      const auto length = static_cast<std::int64_t>(phase * 1e6);
      while (true) {
        const std::int64_t left = begin + length - clock_us(CLOCK_MONOTONIC);
        if (left <= 0) break;
        poll(static_cast<int>(left / 1000) + 1);
      }
      measured_us_ = clock_us(CLOCK_MONOTONIC) - begin;
    }
    print();
  }

 private:
  std::string request(std::uint64_t after) const {
    std::string out = "GET " + options_.path;
    if (polling_) {
      out += options_.path.find('?') == std::string::npos ? "?after=" : "&after=";
      append_number(after, out);
    }
    out += " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    if (options_.mode == "websocket") {
      out +=
          "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    } else if (options_.mode == "subscribe") {
      out += "Accept: text/event-stream\r\n";
    }
    return out + "\r\n";
  }

  int connect_socket() {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) die("socket: " + std::string(std::strerror(errno)));
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // 28,000 ports stand between two addresses; further sources give room for more.
    sockaddr_in source{};
    source.sin_family = AF_INET;
    source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(sources_++ % 4));
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    bind(fd, reinterpret_cast<sockaddr*>(&source), sizeof source);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS) {
      ::close(fd);
      return -1;
    }
    return fd;
  }

  void open(Client& client, std::size_t index) {
    client.fd = connect_socket();
    if (client.fd < 0) return fail(client);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u64 = index;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, client.fd, &event);
  }

  // Asks, and then never reads: its socket is in no one's loop.
  void open_lazy(Client& client) {
    client.fd = connect_socket();
    if (client.fd < 0) die("a lazy reader cannot connect");
    const int small = 4096;
    setsockopt(client.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    usleep(100'000);
    ask(client, 0);
  }

  void ask(Client& client, std::uint64_t after) {
    const std::string bytes = request(after);
    if (send(client.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size())) {
      fail(client);
    }
  }

  // The processor's time that the server has had.
  std::int64_t processor_us() const {
    const std::string path = "/proc/" + std::to_string(options_.server) + "/schedstat";
    std::FILE* const file = std::fopen(path.c_str(), "r");
    long long nanoseconds = 0;
    if (!file || std::fscanf(file, "%lld", &nanoseconds) != 1) die("cannot read " + path);
    std::fclose(file);
    return nanoseconds / 1000;
  }

  void leave() {
    constexpr std::int64_t kPauseUs = 1000;
    constexpr std::int64_t kAfterwardsUs = 500'000;
    const int probe = connect_socket();
    const std::string asked = "GET " + options_.probe + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    const auto now = [] { return clock_us(CLOCK_MONOTONIC); };
    for (const std::int64_t begin = now(); now() - begin < 1'000'000;) poll(100);
    std::int64_t sent_us = 0;  // 0: nothing is asked
    std::int64_t next_us = 0;
    const auto probe_once = [&] {
      char buffer[4096];
      if (sent_us != 0) {
        if (recv(probe, buffer, sizeof buffer, 0) <= 0) return;
        delay_us_.record(now() - sent_us);
        next_us = now() + kPauseUs;
        sent_us = 0;
      } else if (now() >= next_us) {
        sent_us = now();
        send(probe, asked.data(), asked.size(), MSG_NOSIGNAL);
      }
    };
    delay_us_.reset();
    const std::int64_t begin = now();
    const std::int64_t processor = processor_us();
    for (Client& client : clients_) {
      if (!client.closed) ::close(client.fd);
      client.closed = true;
      probe_once();
    }
    for (const std::int64_t left = now(); now() - left < kAfterwardsUs;) {
      probe_once();
      usleep(50);
    }
    processor_us_ = processor_us() - processor;
    measured_us_ = now() - begin;
  }

  void fail(Client& client) {
    if (client.closed) return;
    client.closed = true;
    if (client.fd >= 0) ::close(client.fd);
    ++(client.greeted ? cut_ : failed_);
  }

  void poll(int timeout_ms) {
    epoll_event events[512];
    const int count = epoll_wait(epoll_, events, 512, timeout_ms);
    for (int i = 0; i < count; ++i) {
      Client& client = clients_[events[i].data.u64];
      if (client.closed) continue;
      if (!client.connected && (events[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(client.fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
          fail(client);
          continue;
        }
        client.connected = true;
        ask(client, 0);
      }
      if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(client);
    }
  }

  void read(Client& client) {
    char buffer[65536];
    while (!client.closed) {
      const ssize_t size = recv(client.fd, buffer, sizeof buffer, 0);
      if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (size <= 0) return fail(client);
      const std::int64_t now = clock_us(CLOCK_REALTIME);
      bytes_ += static_cast<std::uint64_t>(size);
      if (!client.greeted) {
        client.greeted = true;
        ++greeted_;
      }
      const std::string_view bytes(buffer, static_cast<std::size_t>(size));
      if (requesting_) {
        take_response(client, bytes);
      } else {
        take_stream(client, bytes, now);
      }
    }
  }

  // Finds the numbers behind `"sent_us":` and, of a batch, `"last":`, also where they are cut.
  void take_stream(Client& client, std::string_view bytes, std::int64_t now) {
    constexpr std::string_view kSent = "\"sent_us\":";
    constexpr std::string_view kLast = "],\"last\":";
    constexpr std::size_t kLongest = 32;  // a name and its number
    std::string joined;
    if (!client.carry.empty()) {
      joined = client.carry;
      joined += bytes;
      bytes = joined;
      client.carry.clear();
    }
    std::size_t done = 0;
    const auto number_at = [&](std::size_t at, std::string_view name, std::int64_t& value) {
      const char* const end = bytes.data() + bytes.size();
      const auto result = std::from_chars(bytes.data() + at + name.size(), end, value);
      return result.ec == std::errc() && result.ptr != end;
    };
    std::int64_t value = 0;
    while (true) {
      const std::size_t at = bytes.find(kSent, done);
      if (at == bytes.npos || !number_at(at, kSent, value)) break;
      ++messages_;
      delay_us_.record(now - value);
      done = at + kSent.size();
    }
    if (polling_) {
      const std::size_t at = bytes.find(kLast, done);
      if (at != bytes.npos && number_at(at, kLast, value)) {
        ++answers_;
        return ask(client, static_cast<std::uint64_t>(value));
      }
    }
    const std::size_t keep = std::min(bytes.size() - done, kLongest);
    client.carry = bytes.substr(bytes.size() - keep);
    // A number that was counted must not be seen again through the carried end.
    if (done > 0 && done > bytes.size() - keep) client.carry = bytes.substr(done);
  }

  // Takes whole answers off the connection by their Content-Length and asks for the next one.
  void take_response(Client& client, std::string_view bytes) {
    client.carry += bytes;
    while (true) {
      const std::size_t head = client.carry.find("\r\n\r\n");
      if (head == std::string::npos) return;
      std::size_t at = client.carry.find("ontent-Length: ");
      if (at == std::string::npos) at = client.carry.find("ontent-length: ");
      if (at == std::string::npos || at > head) die("an answer has no Content-Length");
      const auto length = static_cast<std::size_t>(std::atoll(client.carry.c_str() + at + 15));
      if (client.carry.size() < head + 4 + length) return;
      client.carry.erase(0, head + 4 + length);
      ++answers_;
      ask(client, 0);
    }
  }

  void print() const {
    const double seconds = static_cast<double>(measured_us_) / 1e6;
    std::printf(
        "{\"connected\":%d,\"failed\":%d,\"cut\":%d,\"connect_ms\":%.1f,\"seconds\":%.3f,"
        "\"messages\":%llu,\"messages_per_s\":%.0f,\"answers_per_s\":%.0f,\"bytes\":%llu,"
        "\"processor_us\":%lld,\"delay_p50_us\":%lld,\"delay_p99_us\":%lld,\"delay_max_us\":%lld}"
        "\n",
        greeted_, failed_, cut_, static_cast<double>(connect_us_) / 1000, seconds,
        static_cast<unsigned long long>(messages_), static_cast<double>(messages_) / seconds,
        static_cast<double>(answers_) / seconds, static_cast<unsigned long long>(bytes_),
        static_cast<long long>(processor_us_), static_cast<long long>(delay_us_.percentile(50)),
        static_cast<long long>(delay_us_.percentile(99)), static_cast<long long>(delay_us_.max()));
  }

  const Options options_;
  int epoll_ = -1;
  bool polling_ = false;
  bool requesting_ = false;
  std::vector<Client> clients_;
  std::vector<Client> lazy_;
  std::size_t sources_ = 0;
  int greeted_ = 0;
  int failed_ = 0;
  int cut_ = 0;
  Histogram delay_us_;
  std::uint64_t messages_ = 0;
  std::uint64_t answers_ = 0;
  std::uint64_t bytes_ = 0;
  std::int64_t connect_us_ = 0;
  std::int64_t measured_us_ = 0;
  std::int64_t processor_us_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Load(parse(argc, argv)).run();
  return 0;
}
