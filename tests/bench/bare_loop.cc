// bench_bare_loop: the limit the server is measured against. An epoll loop that does nothing but
// accept, answer a fixed head, and send the same bytes to everyone ten times a second, but to those
// who ask for /quiet: no routing, no channels, no log, no limits.
#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <vector>

#include "core/event_stream/encoder.h"
#include "core/record.h"
#include "core/server/wire_format.h"
#include "core/websocket/frame.h"

namespace {

using namespace playground;

constexpr std::int64_t kIntervalNs = 100'000'000;

std::int64_t realtime_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

int listen_on(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(fd, 4096) != 0) {
    std::perror("bench_bare_loop");
    std::exit(2);
  }
  return fd;
}

struct Loop {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  enum List : std::uint8_t { kEventStreams, kWebSockets, kQuiet };
  std::vector<int> readers[3];
  struct Place {
    List list;
    std::size_t index;
  };
  std::vector<std::optional<Place>> places;  // by descriptor: whoever leaves is not looked for
  std::uint64_t seq = 0;

  void add(int fd, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }

  void greet(int fd) {
    char request[2048];
    const ssize_t size = recv(fd, request, sizeof request - 1, 0);
    if (size <= 0) {
      if (size == 0 || errno != EAGAIN) close_reader(fd);
      return;
    }
    request[size] = '\0';
    const bool upgrade = std::strstr(request, "Sec-WebSocket-Key") != nullptr;
    // The key of the example in RFC 6455 1.3, which bench_load sends, has this answer.
    const std::string head =
        upgrade
            ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
              "Transfer-Encoding: chunked\r\n\r\n";
    send(fd, head.data(), head.size(), MSG_NOSIGNAL);
    const List list = upgrade                               ? kWebSockets
                      : std::strstr(request, "GET /quiet ") ? kQuiet
                                                            : kEventStreams;
    const auto index = static_cast<std::size_t>(fd);
    if (places.size() <= index) places.resize(index + 1);
    if (places[index]) return;  // it has asked before
    places[index] = Place{list, readers[list].size()};
    readers[list].push_back(fd);
  }

  void close_reader(int fd) {
    const auto index = static_cast<std::size_t>(fd);
    if (index < places.size() && places[index]) {
      const Place place = *places[index];
      std::vector<int>& list = readers[place.list];
      list[place.index] = list.back();
      places[static_cast<std::size_t>(list.back())]->index = place.index;
      list.pop_back();
      places[index].reset();
    }
    ::close(fd);
  }

  void broadcast(std::int64_t scheduled_ns) {
    std::string json;
    encode(Message{++seq, scheduled_ns / 1000, std::string(64, 'x')}, json);
    std::string event;
    event_stream::encode({"", json, std::to_string(seq)}, event);
    std::string chunk;
    server::append_chunk(event, chunk);
    std::string frame;
    websocket::encode_frame(websocket::Opcode::kText, json, frame);
    for (const int fd : readers[kEventStreams]) send(fd, chunk.data(), chunk.size(), MSG_NOSIGNAL);
    for (const int fd : readers[kWebSockets]) send(fd, frame.data(), frame.size(), MSG_NOSIGNAL);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_bare_loop PORT\n");
    return 2;
  }
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);

  Loop loop;
  const int listener = listen_on(static_cast<std::uint16_t>(std::atoi(argv[1])));
  const int timer = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  std::int64_t next = (realtime_ns() / kIntervalNs + 1) * kIntervalNs;
  itimerspec when{};
  when.it_value = {next / 1'000'000'000, next % 1'000'000'000};
  when.it_interval = {0, kIntervalNs};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, nullptr);
  loop.add(listener, EPOLLIN);
  loop.add(timer, EPOLLIN);
  std::puts("Listening");
  std::fflush(stdout);

  while (true) {
    epoll_event events[512];
    const int count = epoll_wait(loop.epoll, events, 512, -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[i].data.fd;
      if (fd == listener) {
        int accepted = 0;
        while ((accepted = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >=
               0) {
          const int on = 1;
          setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          loop.add(accepted, EPOLLIN);
        }
      } else if (fd == timer) {
        std::uint64_t expirations = 0;
        if (read(timer, &expirations, sizeof expirations) <= 0) continue;
        for (; expirations > 0; --expirations, next += kIntervalNs) loop.broadcast(next);
      } else {
        loop.greet(fd);
      }
    }
  }
}
