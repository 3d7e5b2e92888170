#include "native_server/prometheus.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace playground::server {
namespace {

constexpr double kUsPerSecond = 1e6;

void append_value(double value, std::string& out) {
  char digits[64];
  out.append(digits,
             std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr);
}

void append_sample(std::string_view name, std::string_view labels, double value, std::string& out) {
  out += name;
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out += ' ';
  append_value(value, out);
  out += '\n';
}

class Writer {
 public:
  // Samples of one name come together, after what describes them.
  Writer& family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    out_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    out_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
    return *this;
  }
  template <typename Number>
  Writer& sample(Number value, std::string_view labels = {}) {
    append_sample(name_, labels, static_cast<double>(value), out_);
    return *this;
  }
  // The buckets add up: each also holds those below it.
  void sample(const DurationCounts& durations, std::string_view labels = {}) {
    constexpr auto& kBounds = DurationCounts::kBoundsUs;
    const std::string bucket = std::string(name_) + "_bucket";
    std::string before(labels);
    if (!before.empty()) before += ',';
    std::uint64_t below = 0;
    for (std::size_t i = 0; i <= kBounds.size(); ++i) {
      below += durations.count(i);
      std::string bound = before + "le=\"";
      if (i < kBounds.size()) {
        append_value(static_cast<double>(kBounds[i]) / kUsPerSecond, bound);
      } else {
        bound += "+Inf";
      }
      append_sample(bucket, bound + '"', static_cast<double>(below), out_);
    }
    append_sample(std::string(name_) + "_sum", labels,
                  static_cast<double>(durations.sum_us()) / kUsPerSecond, out_);
    append_sample(std::string(name_) + "_count", labels, static_cast<double>(below), out_);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string_view name_;
  std::string out_;
};

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + '"';
}

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::size_t open_files() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / kUsPerSecond;
}

void write_process(Writer& out) {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  out.family("process_cpu_seconds_total", "counter", "Processor time, user and system.")
      .sample(seconds(used.ru_utime) + seconds(used.ru_stime));
  out.family("process_resident_memory_bytes", "gauge", "Resident memory.").sample(resident_bytes());
  out.family("process_open_fds", "gauge", "Open file descriptors.").sample(open_files());
  out.family("process_max_fds", "gauge", "Most file descriptors there may be.")
      .sample(files.rlim_cur);
}

void write_redis(const RedisMetrics& redis, bool connected, Writer& out) {
  out.family("playground_redis_connected", "gauge", "Whether Redis answers and is heard.")
      .sample(connected);
  out.family("playground_redis_connections_lost_total", "counter", "Connections lost to Redis.")
      .sample(redis.connections_lost);
  out.family("playground_redis_questions_total", "counter", "Questions sent to Redis.")
      .sample(redis.questions);
  out.family("playground_redis_failures_total", "counter",
             "Questions that Redis did not answer or refused, by kind.");
  for (const auto& [kind, count] : redis.failures) out.sample(count, label("kind", kind));
  out.family("playground_redis_answer_seconds", "histogram", "From a question to Redis's answer.")
      .sample(redis.answers);
}

}  // namespace

std::string to_prometheus(const Metrics& metrics, const Gauges& gauges) {
  Writer out;
  const auto by_transport = [&](std::string_view name, std::string_view type, std::string_view help,
                                auto member) {
    out.family(name, type, help);
    for (std::size_t i = 0; i < kServedCount; ++i) {
      out.sample(metrics.transports[i].*member, label("transport", all_served()[i].path));
    }
  };
  using ByTransport = Metrics::ByTransport;
  out.family("playground_build_info", "gauge", "The server's version.")
      .sample(1, label("version", PLAYGROUND_VERSION));
  out.family("playground_connections", "gauge", "Open connections.").sample(gauges.connections);
  out.family("playground_max_connections", "gauge", "Most connections there may be.")
      .sample(gauges.max_connections);
  out.family("playground_connections_accepted_total", "counter", "Connections accepted.")
      .sample(metrics.connections_accepted);
  out.family("playground_channels", "gauge", "Channels that play.").sample(gauges.channels);
  out.family("playground_subscribers", "gauge", "Streams and held polls.");
  for (std::size_t i = 0; i < kServedCount; ++i) {
    out.sample(metrics.readers[i], label("transport", all_served()[i].path));
  }
  out.family("playground_max_subscribers", "gauge", "Most streams and held polls there may be.")
      .sample(gauges.max_readers);
  out.family("playground_published_messages_total", "counter", "Messages published.")
      .sample(metrics.published);
  by_transport("playground_messages_total", "counter", "Messages handed to the kernel.",
               &ByTransport::messages);
  by_transport("playground_dropped_messages_total", "counter",
               "Messages the log had dropped when their reader came to them.",
               &ByTransport::dropped);
  by_transport("playground_delivery_delay_seconds", "histogram",
               "From a message's scheduled send to the kernel.", &ByTransport::delay);
  out.family("playground_event_loop_lag_seconds", "histogram",
             "How late the event loop ran what was due.")
      .sample(metrics.lag);
  out.family("playground_received_bytes_total", "counter", "Bytes read from sockets.")
      .sample(metrics.received_bytes);
  out.family("playground_sent_bytes_total", "counter", "Bytes the kernel took.")
      .sample(metrics.sent_bytes);
  out.family("playground_requests_total", "counter", "Requests answered, by status.");
  for (const auto& [status, count] : metrics.requests) {
    out.sample(count, label("status", std::to_string(status)));
  }
  out.family("playground_refusals_total", "counter",
             "What a limit refused, by the limit's option.");
  for (const auto& [limit, count] : metrics.refusals) out.sample(count, label("limit", limit));
  out.family("playground_closed_connections_total", "counter",
             "Connections that the server closed: idle, slow-request, slow-reader, no-end, and "
             "made-room for another.");
  for (const auto& [why, count] : metrics.closings) out.sample(count, label("reason", why));
  out.family("playground_log_lines_dropped_total", "counter",
             "Lines of the log that its reader was too slow for.")
      .sample(metrics.log_lines_dropped);
  if (gauges.redis) write_redis(*gauges.redis, gauges.redis_connected, out);
  write_process(out);
  return out.take();
}

}  // namespace playground::server
