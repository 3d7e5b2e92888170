#include "native_server/server.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <sys/resource.h>
#include <unistd.h>

#include <uv.h>

#include "core/http/connections.h"
#include "core/json_text.h"
#include "core/server/channel_api.h"
#include "core/server/check/check_api.h"
#include "core/server/hub.h"
#include "core/server/schedule.h"
#include "core/server/shared/stored_channels.h"
#include "native_server/channel_id.h"
#include "native_server/classic_demo.h"
#include "native_server/clock.h"
#include "native_server/embedded_page.h"
#include "native_server/event_loop/handle.h"
#include "native_server/event_loop/precise_timer.h"
#include "native_server/http/router.h"
#include "native_server/net/accepted_socket.h"
#include "native_server/net/listener.h"
#include "native_server/net/own_addresses.h"
#include "native_server/prometheus.h"
#include "native_server/qr_code.h"
#include "native_server/redis/redis_store.h"
#include "native_server/request_log.h"
#include "native_server/spare_memory.h"

namespace playground::server {
namespace {

// Outlives every handle, and lets them close.
class Loop {
 public:
  Loop() { check_uv(uv_loop_init(&loop_), "begin the event loop"); }
  ~Loop() {
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_loop_close(&loop_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  operator uv_loop_t*() { return &loop_; }  // NOLINT(*-explicit-*)

 private:
  uv_loop_t loop_;
};

// Empty where it has none.
std::string machine_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

// What an operator should know, whether or not requests are logged.
void say(std::string_view sentence) {
  std::fprintf(stderr, "playground_server: %.*s\n", static_cast<int>(sentence.size()),
               sentence.data());
}

// What readers know it by.
std::string own_name(const Options& options) {
  constexpr std::size_t kDigits = 4;
  return options.name.empty() ? Random(random_bits()).digits(kDigits) : options.name;
}

}  // namespace

// In the order in which they depend on one another; the last is destroyed first.
struct Server::Parts {
  Parts(const Options& options, std::string_view archive);
  ~Parts();

  ChannelApi::Host api_host();
  std::vector<std::string> addresses() const;
  std::optional<Reply> tell_addresses(const Request& request) const;
  std::string prometheus() const;
  void begin_stop();
  void before_waiting();

  const Limits limits;
  const std::string host;
  const bool strangers;
  Loop loop;
  SystemClock clock;
  Schedule schedule{clock};
  Metrics metrics;
  PreciseTimer timer{loop, clock, schedule, metrics.lag};
  RequestLog log;
  std::unique_ptr<RedisStore> redis;  // null: channels are this server's alone
  std::unique_ptr<StoredChannels> shared;
  Hub hub;
  SpareMemory spare_memory{schedule};
  OriginPolicy origins;
  ChannelApi api;
  ClassicDemo demo;
  std::optional<EmbeddedPage> page;  // none where a folder is served
  Router router;
  TrustedProxies proxies;
  http::Connections connections;
  std::vector<std::unique_ptr<Listener>> listeners;
  std::vector<std::uint16_t> lane_ports;  // of all but the first
  bool stopping = false;
  Alarm last_call{schedule, [this] { connections.close_all(); }};
  HandlePtr<uv_check_t> check;
  HandlePtr<uv_async_t> stop_request;
  std::vector<HandlePtr<uv_signal_t>> signals;
};

Server::Parts::Parts(const Options& options, std::string_view archive)
    : limits(options.limits),
      host(options.host),
      strangers(options.strangers),
      log(options.log, STDERR_FILENO, metrics.log_lines_dropped),
      redis(options.redis ? std::make_unique<RedisStore>(loop, schedule, *options.redis, say)
                          : nullptr),
      shared(redis ? std::make_unique<StoredChannels>(*redis, schedule, limits, own_name(options))
                   : nullptr),
      hub(schedule, limits, metrics, random_bits(), shared.get()),
      origins(options.origins, {options.host, machine_name()}),
      api(hub, schedule, limits, metrics, api_host()),
      demo(schedule, limits, metrics, [this] { return api.readers(); }),
      router([this](const Request& request) -> std::optional<Reply> {
        Reply reply;
        if (!origins.knows_host(request, reply)) return reply;
        if (auto answer = tell_addresses(request)) return answer;
        if (ChannelApi::serves(request.path)) return api.answer(request);
        if (auto answer = demo.answer(request)) return answer;
        return page ? page->answer(request) : std::nullopt;
      }),
      proxies(options.trusted_proxies),
      connections(schedule, limits, metrics, options.log == LogFormat::kNone ? nullptr : &log,
                  [this](Exchange& exchange) { router.handle(exchange); }) {
  router.serve_files(options.web);
  if (options.web.empty()) page.emplace(archive);
  const auto listen_on = [&](std::uint16_t port) {
    listeners.push_back(std::make_unique<Listener>(
        loop, schedule, options.host, port, [this](int socket, const Address& peer) {
          AcceptedSocket::adopt(loop, connections, proxies, socket, peer);
        }));
  };
  listen_on(options.port);
  for (std::uint16_t i = 0; i < options.lane_ports; ++i) {
    listen_on(0);
    lane_ports.push_back(listeners.back()->port());
  }
  api.set_lane_ports(lane_ports);
  origins.set_ports(listeners.front()->port(), lane_ports);

  constexpr const char* kDoing = "begin a handle of the event loop";
  check = make_handle<uv_check_t>(
      this, kDoing, [this](uv_check_t* handle) { return uv_check_init(loop, handle); });
  uv_check_start(check.get(),
                 [](uv_check_t* handle) { static_cast<Parts*>(handle->data)->before_waiting(); });
  stop_request = make_handle<uv_async_t>(this, kDoing, [this](uv_async_t* handle) {
    return uv_async_init(loop, handle, [](uv_async_t* request) {
      static_cast<Parts*>(request->data)->begin_stop();
    });
  });
}

// The sessions go while what they belong to is still there.
Server::Parts::~Parts() {
  connections.close_all();
  hub.end();
  uv_run(loop, UV_RUN_NOWAIT);  // Redis is told that another may play
  shared.reset();
  redis.reset();
  uv_run(loop, UV_RUN_NOWAIT);
  log.flush_all();
}

ChannelApi::Host Server::Parts::api_host() {
  return {.version = PLAYGROUND_VERSION,
          .admits = [this](const Request& request,
                           Reply& reply) { return origins.apply(request, reply); },
          .new_channel_id = random_channel_id,
          .accept_key = websocket_accept_key,
          .other_readers = [this] { return demo.readers(); },
          .metrics_text = [this] { return prometheus(); },
          .metrics_type = kPrometheusType,
          .check = make_check_api};
}

std::vector<std::string> Server::Parts::addresses() const {
  std::vector<std::string> all = own_addresses(host);
  for (std::string& each : all) {
    each = "http://" + each + ":" + std::to_string(listeners.front()->port()) + "/";
  }
  return all;
}

std::optional<Reply> Server::Parts::tell_addresses(const Request& request) const {
  if (request.path != "/api/addresses" || request.method != "GET") return std::nullopt;
  // Behind a proxy they would lead past it, and strangers they would tell too much.
  const bool none = strangers || request.passed_proxy();
  Reply reply;
  reply.add_field("Cache-Control", "no-store");
  {
    JsonObject body(reply.body);
    JsonArray all(body.value("addresses"));
    for (const std::string& each : none ? std::vector<std::string>() : addresses()) {
      JsonObject address(all.next());
      address.add("url", each);
      JsonArray rows(address.value("qr"));
      for (const std::string& row : qr_code(each)) append_json_string(row, rows.next());
    }
  }
  return reply;
}

std::string Server::Parts::prometheus() const {
  return to_prometheus(metrics, {.connections = connections.size(),
                                 .channels = hub.channels(),
                                 .max_connections = limits.connections,
                                 .max_readers = limits.readers,
                                 .redis = redis ? &redis->metrics() : nullptr,
                                 .redis_connected = redis && redis->connected()});
}

void Server::Parts::begin_stop() {
  if (stopping) return;
  stopping = true;
  listeners.clear();
  hub.end();
  api.end();
  demo.end();
  connections.stop();
  last_call.set(schedule.now_us() + limits.shutdown_us);
}

// After the sockets' events, before handles are closed and before the next wait.
void Server::Parts::before_waiting() {
  log.flush();
  spare_memory.look(hub.channels());
  timer.arm();
  if (stopping && connections.empty()) uv_stop(loop);
}

Server::Server(const Options& options, std::string_view page)
    : parts_(std::make_unique<Parts>(options, page)) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return parts_->listeners.front()->port(); }

std::vector<std::uint16_t> Server::lane_ports() const { return parts_->lane_ports; }

std::vector<std::string> Server::addresses() const { return parts_->addresses(); }

void Server::stop_on_signals() {
  for (const int number : {SIGINT, SIGTERM}) {
    parts_->signals.push_back(make_handle<uv_signal_t>(
        parts_.get(), "watch a signal",
        [this](uv_signal_t* handle) { return uv_signal_init(parts_->loop, handle); }));
    uv_signal_start(
        parts_->signals.back().get(),
        [](uv_signal_t* handle, int) { static_cast<Parts*>(handle->data)->begin_stop(); }, number);
  }
}

void Server::run() {
  parts_->timer.arm();
  uv_run(parts_->loop, UV_RUN_DEFAULT);
}

void Server::stop() { uv_async_send(parts_->stop_request.get()); }

void use_open_file_limit(Limits& limits) {
  constexpr std::size_t kOtherFiles = 64;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &files) != 0) getrlimit(RLIMIT_NOFILE, &files);
  const std::size_t allowed = std::max<std::size_t>(files.rlim_cur, 2 * kOtherFiles);
  limits.connections = std::min(limits.connections, allowed - kOtherFiles);
  // Leaves room for other requests when there are as many readers as allowed.
  limits.readers = std::min(limits.readers, limits.connections - limits.connections / 10);
  limits.readers_per_address = std::min(limits.readers_per_address, limits.readers);
}

}  // namespace playground::server
