// One stream of messages as SSE, NDJSON, long poll and WebSocket, with cpp-httplib 0.41 or
// newer (one header):
//   g++ -std=c++17 -O2 -pthread httplib.cc -o httplib && ./httplib 3000
//
// Each connected reader takes a thread: good for hundreds, not for tens of thousands.
#include "httplib.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kHistory = 1000;  // messages that a reader may still ask for
constexpr auto kHeartbeat = 15s;        // shorter than what any proxy on the way calls idle
constexpr auto kHold = 25s;             // for a long poll; shorter than that as well
constexpr auto kLook = 1s;              // how soon it is seen that a reader has left
constexpr std::size_t kReaders = 256;

struct Message {
  std::uint64_t id;
  std::string text;
};

class Log {
 public:
  void publish(std::string text) {
    {
      const std::lock_guard lock(mutex_);
      messages_.push_back({++last_, std::move(text)});
      if (messages_.size() > kHistory) messages_.pop_front();
    }
    changed_.notify_all();
  }

  // What comes after a message, as soon as there is something; empty when `wait` is over.
  std::vector<Message> after(std::uint64_t id, std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [&] { return last_ > id; });
    std::vector<Message> found;
    for (const Message& message : messages_) {
      if (message.id > id) found.push_back(message);
    }
    return found;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Message> messages_;
  // Of a clock, so that a server that was restarted goes on with higher numbers.
  std::uint64_t last_ = static_cast<std::uint64_t>(
      std::chrono::system_clock::now().time_since_epoch() / std::chrono::milliseconds(1));
};

std::uint64_t number(const std::string& text) { return std::strtoull(text.c_str(), nullptr, 10); }

std::string json_text(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[7];
      std::snprintf(escape, sizeof escape, "\\u%04x", c);
      json += escape;
    } else {
      json += c;
    }
  }
  return json + '"';
}

std::string json(const Message& message) {
  return "{\"id\":" + std::to_string(message.id) + ",\"text\":" + json_text(message.text) + "}";
}

std::string event(const Message& message) {
  std::string lines = "id: " + std::to_string(message.id) + "\ndata: ";
  char before = 0;
  for (const char c : message.text) {
    // A line ends with CRLF, LF or CR.
    if (c == '\r' || (c == '\n' && before != '\r')) {
      lines += "\ndata: ";
    } else if (c != '\n') {
      lines += c;
    }
    before = c;
  }
  return lines + "\n\n";
}

// A response that goes on until the reader leaves.
template <typename Write>
void stream(Log& log, std::uint64_t after, const std::string& type, const std::string& heartbeat,
            httplib::Response& response, Write write) {
  response.set_header("Cache-Control", "no-cache, no-transform");
  response.set_header("X-Accel-Buffering", "no");  // nginx passes each byte on as it comes
  response.set_chunked_content_provider(
      type, [&log, after, heartbeat, write, written = std::chrono::steady_clock::time_point()](
                std::size_t, httplib::DataSink& sink) mutable {
        const auto messages = log.after(after, kLook);
        const auto now = std::chrono::steady_clock::now();
        std::string bytes;
        for (const Message& message : messages) bytes += write(message);
        if (!messages.empty()) after = messages.back().id;
        if (bytes.empty() && now - written >= kHeartbeat) bytes = heartbeat;
        if (bytes.empty()) return sink.is_writable();  // false: the reader has left
        written = now;
        return sink.write(bytes.data(), bytes.size());
      });
}

}  // namespace

int main(int argc, char** argv) {
  Log log;
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(kReaders); };

  server.Get("/sse", [&](const httplib::Request& request, httplib::Response& response) {
    const std::string last = request.has_header("Last-Event-ID")
                                 ? request.get_header_value("Last-Event-ID")
                                 : request.get_param_value("after");
    stream(log, number(last), "text/event-stream", ": still here\n\n", response, event);
  });

  server.Get("/ndjson", [&](const httplib::Request& request, httplib::Response& response) {
    stream(log, number(request.get_param_value("after")), "application/x-ndjson", "\n", response,
           [](const Message& message) { return json(message) + "\n"; });
  });

  // With ?wait=0 it is a short poll.
  server.Get("/poll", [&](const httplib::Request& request, httplib::Response& response) {
    const bool at_once = request.get_param_value("wait") == "0" || request.method == "HEAD";
    const std::uint64_t after = number(request.get_param_value("after"));
    const auto end = std::chrono::steady_clock::now() + (at_once ? 0s : kHold);
    std::vector<Message> messages = log.after(after, 0s);
    while (messages.empty() && std::chrono::steady_clock::now() < end &&
           !request.is_connection_closed()) {
      messages = log.after(after, kLook);
    }
    std::string batch;
    for (const Message& message : messages) batch += (batch.empty() ? "" : ",") + json(message);
    response.set_header("Cache-Control", "no-store");
    response.set_content("[" + batch + "]", "application/json");
  });

  server.Post("/messages", [&](const httplib::Request& request, httplib::Response& response) {
    log.publish(request.body);
    response.status = httplib::StatusCode::Created_201;
  });

  server.WebSocket("/websocket",
                   [&](const httplib::Request& request, httplib::ws::WebSocket& socket) {
                     // One thread reads, this one writes. cpp-httplib sends the pings.
                     std::thread reading([&] {
                       std::string text;
                       while (socket.read(text)) log.publish(text);
                     });
                     std::uint64_t after = number(request.get_param_value("after"));
                     while (socket.is_open()) {
                       for (const Message& message : log.after(after, 1s)) {
                         if (!socket.send(json(message))) break;
                         after = message.id;
                       }
                     }
                     reading.join();
                   });

  const int wanted = argc > 1 ? std::atoi(argv[1]) : 3000;
  const int port = wanted == 0 ? server.bind_to_any_port("127.0.0.1")
                               : (server.bind_to_port("127.0.0.1", wanted) ? wanted : -1);
  if (port <= 0) {
    std::cerr << "The port is taken.\n";
    return 1;
  }
  std::cout << "Listening on http://localhost:" << port << "/" << std::endl;
  return server.listen_after_bind() ? 0 : 1;
}
