#include "native_server/redis/redis_connection.h"

#include <adapters/libuv.h>
#include <algorithm>
#include <async.h>
#include <cstring>
#include <hiredis_ssl.h>
#include <netdb.h>
#include <openssl/ssl.h>
#include <utility>
#include <vector>

#include "core/server/api_text.h"
#include "native_server/channel_id.h"
#include "native_server/net/address.h"
#include "native_server/redis/redis_reply.h"

namespace playground::server {
namespace {

constexpr std::int64_t kFirstPauseUs = kSecondUs / 20;
constexpr std::int64_t kLongestPauseUs = kSecondUs;
// A connection that asks for nothing is asked for a sign of life so often.
constexpr std::int64_t kPingUs = kSecondUs;

bool is_error(const redisReply* reply) { return reply && reply->type == REDIS_REPLY_ERROR; }

// Of what INFO says: "name:value" lines.
std::string_view field_of_info(std::string_view info, std::string_view name) {
  const std::string begin = "\n" + std::string(name) + ":";
  const std::size_t at = info.find(begin);
  if (at == info.npos) return {};
  info.remove_prefix(at + begin.size());
  return info.substr(0, info.find_first_of("\r\n"));
}

}  // namespace

struct RedisConnection::Lookup {
  uv_getaddrinfo_t request{};
  RedisConnection* connection = nullptr;  // null: nobody waits any more
};

struct RedisConnection::Sent {
  RedisConnection* connection;
  Reply reply;
};

// What hiredis calls.
struct RedisConnection::Callbacks {
  static RedisConnection* of(const redisAsyncContext* context) {
    return static_cast<RedisConnection*>(context->data);
  }

  static void connected(const redisAsyncContext* context, int status) {
    RedisConnection* const self = of(context);
    if (!self || self->context_ != context) return;
    if (status == REDIS_OK) return self->connected();
    self->context_ = nullptr;  // hiredis frees it
    self->lost(self->reason(context->errstr));
  }

  static void disconnected(const redisAsyncContext* context, int status) {
    RedisConnection* const self = of(context);
    if (!self || self->context_ != context) return;
    self->context_ = nullptr;
    self->lost(status == REDIS_OK ? "it has ended the connection" : self->reason(context->errstr));
  }

  static void replied(redisAsyncContext* context, void* reply, void* data) {
    const std::unique_ptr<Sent> sent(static_cast<Sent*>(data));
    RedisConnection* const self = of(context);
    if (!self) return;  // being destroyed
    if (reply) self->answered();
    sent->reply(static_cast<const redisReply*>(reply));
  }

  // Of a subscription: comes again and again.
  static void heard(redisAsyncContext* context, void* data, void*) {
    const auto* reply = static_cast<const redisReply*>(data);
    RedisConnection* const self = of(context);
    if (!self || !reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 3) return;
    const std::string_view kind = text_of(reply->element[0]);
    const std::string_view channel = text_of(reply->element[1]);
    if (kind == "subscribe") self->listener_.on_subscribed(channel);
    if (kind == "message") self->listener_.on_message(channel, text_of(reply->element[2]));
  }

  // Of TLS.
  static void alerted(const SSL* tls, int where, int alert) {
    auto* const self = static_cast<RedisConnection*>(SSL_get_ex_data(tls, 0));
    const int description = alert & 0xff;
    if (!self || (where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
    if (description == SSL_AD_CLOSE_NOTIFY) return;
    // OpenSSL 3.0 has no words for it.
    self->alert_ = description == TLS13_AD_CERTIFICATE_REQUIRED ? "certificate required"
                                                                : SSL_alert_desc_string_long(alert);
  }

  static void looked_up(uv_getaddrinfo_t* request, int status, addrinfo* found) {
    const std::unique_ptr<Lookup> lookup(static_cast<Lookup*>(request->data));
    if (RedisConnection* const self = lookup->connection) {
      self->lookup_ = nullptr;
      self->looked_up(status, found);
    }
    uv_freeaddrinfo(found);
  }
};

RedisConnection::RedisConnection(uv_loop_t* loop, Schedule& schedule, const RedisAddress& address,
                                 Listener& listener)
    : loop_(loop),
      schedule_(schedule),
      address_(address),
      listener_(listener),
      random_(random_bits()),
      alarm_(schedule, [this] { phase_ == Phase::kWaiting ? begin() : watch(); }),
      soon_(schedule, [this] { lost(std::exchange(given_up_, {})); }) {
  if (address_.tls) {
    tls_.reset(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_verify(tls_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_default_verify_paths(tls_.get());
    SSL_CTX_set_min_proto_version(tls_.get(), TLS1_2_VERSION);
  }
  begin();
}

RedisConnection::~RedisConnection() {
  if (lookup_) lookup_->connection = nullptr;
  if (!context_) return;
  forget_tls();
  context_->data = nullptr;
  redisAsyncFree(context_);
}

// From nothing to ready

void RedisConnection::begin() {
  phase_ = Phase::kConnecting;
  alarm_.set(schedule_.now_us() + kPatienceUs);
  asked_us_.clear();
  of_sentinel_ = !address_.master.empty();
  if (!address_.socket.empty()) return connect(address_.socket, 0);
  const RedisAddress::Place& place = address_.places[next_place_++ % address_.places.size()];
  look_up(place.host, place.port);
}

void RedisConnection::look_up(std::string host, std::uint16_t port) {
  phase_ = Phase::kResolving;
  host_ = std::move(host);
  port_ = port;
  place_ = to_authority(host_, port_);
  auto lookup = std::make_unique<Lookup>();
  lookup->request.data = lookup.get();
  lookup->connection = this;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  if (lookup_) std::exchange(lookup_, nullptr)->connection = nullptr;
  const int status = uv_getaddrinfo(loop_, &lookup->request, Callbacks::looked_up, host_.c_str(),
                                    std::to_string(port_).c_str(), &hints);
  if (status < 0) return lost(uv_strerror(status));
  lookup_ = lookup.release();
}

void RedisConnection::looked_up(int status, const addrinfo* found) {
  if (status < 0) return lost(uv_strerror(status));
  // The next try takes the next address.
  int count = 0;
  for (const addrinfo* each = found; each; each = each->ai_next) ++count;
  const addrinfo* chosen = found;
  for (int skip = tries_ % count; skip > 0; --skip) chosen = chosen->ai_next;
  char address[NI_MAXHOST];
  if (getnameinfo(chosen->ai_addr, chosen->ai_addrlen, address, sizeof address, nullptr, 0,
                  NI_NUMERICHOST) != 0) {
    return lost("its address cannot be used");
  }
  connect(address, port_);
}

void RedisConnection::connect(const std::string& host, std::uint16_t port) {
  phase_ = Phase::kConnecting;
  redisOptions options{};
  if (port == 0) {
    place_ = host;
    REDIS_OPTIONS_SET_UNIX(&options, host.c_str());
  } else {
    REDIS_OPTIONS_SET_TCP(&options, host.c_str(), port);
  }
  redisAsyncContext* const context = redisAsyncConnectWithOptions(&options);
  if (!context) return lost("there is no memory for a connection");
  if (context->err != 0) {
    const std::string why = context->errstr;
    redisAsyncFree(context);
    return lost(why);
  }
  context->data = this;
  context_ = context;
  redisLibuvAttach(context, loop_);
  redisAsyncSetConnectCallback(context, Callbacks::connected);
  redisAsyncSetDisconnectCallback(context, Callbacks::disconnected);
}

// The handshake goes on with the first command.
bool RedisConnection::begin_tls() {
  SSL* const tls = SSL_new(tls_.get());
  // A certificate has addresses apart from names, and only names are sent (RFC 6066, 3).
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host_.c_str()) != 1) {
    SSL_set1_host(tls, host_.c_str());
    // SSL_set_tlsext_host_name, which is a macro with a cast of C's.
    SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host_.data());
  }
  SSL_set_ex_data(tls, 0, this);
  SSL_set_info_callback(tls, Callbacks::alerted);
  session_ = tls;
  const bool begun = redisInitiateSSL(&context_->c, tls) == REDIS_OK;
  if (begun) return true;
  const std::string why = reason(context_->c.errstr);
  forget_tls();
  SSL_free(tls);  // hiredis has not taken it
  lost(why);
  return false;
}

void RedisConnection::forget_tls() {
  if (session_) SSL_set_ex_data(session_, 0, nullptr);
  session_ = nullptr;
  alert_.clear();
}

// hiredis says of a handshake only that it has failed.
std::string RedisConnection::reason(const char* error) const {
  const long verdict = session_ ? SSL_get_verify_result(session_) : X509_V_OK;
  if (!alert_.empty()) return "it has ended TLS: " + alert_;
  if (verdict == X509_V_OK) return error;
  return std::string("certificate verify failed: ") + X509_verify_cert_error_string(verdict);
}

void RedisConnection::connected() {
  phase_ = Phase::kGreeting;
  if (address_.socket.empty()) redisEnableKeepAlive(&context_->c);
  if (tls_ && !begin_tls()) return;
  if (of_sentinel_) return ask_sentinel();
  greet();
}

void RedisConnection::ask_sentinel() {
  const std::string_view arguments[] = {"SENTINEL", "get-master-addr-by-name", address_.master};
  send(arguments, [this](const redisReply* reply) {
    if (!reply) return;
    if (is_error(reply)) return give_up("the Sentinel says: " + std::string(text_of(reply)));
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) {
      return give_up("the Sentinel knows no master " + address_.master);
    }
    const std::string host(text_of(reply->element[0]));
    const auto port = parse_whole<std::uint16_t>(text_of(reply->element[1]));
    if (!port || *port == 0) return give_up("the Sentinel names no port of the master");
    of_sentinel_ = false;
    forget_tls();
    redisAsyncContext* const context = std::exchange(context_, nullptr);
    context->data = nullptr;
    redisAsyncDisconnect(context);
    asked_us_.clear();
    look_up(host, *port);
  });
}

void RedisConnection::greet() {
  const auto expect_ok = [this](const redisReply* reply) {
    if (is_error(reply)) give_up(std::string(text_of(reply)));
  };
  if (!address_.password.empty()) {
    std::vector<std::string_view> arguments{"AUTH"};
    if (!address_.user.empty()) arguments.push_back(address_.user);
    arguments.push_back(address_.password);
    send(arguments, expect_ok);
  }
  if (address_.database != 0) {
    const std::string number = std::to_string(address_.database);
    send(std::vector<std::string_view>{"SELECT", number}, expect_ok);
  }
  life_.clear();
  send(std::vector<std::string_view>{"INFO", "server"}, [this](const redisReply* reply) {
    life_ = field_of_info(text_of(reply), "run_id").substr(0, 4);
  });
  send(std::vector<std::string_view>{"INFO", "replication"},
       [this](const redisReply* reply) { greeted(reply); });
}

void RedisConnection::greeted(const redisReply* reply) {
  if (!reply || !given_up_.empty()) return;
  if (is_error(reply)) return give_up(std::string(text_of(reply)));
  const std::string_view info = text_of(reply);
  const std::string_view role = field_of_info(info, "role");
  if (role.empty())
    return give_up("it has no role, as a Sentinel: name those by redis-sentinel://");
  if (role != "master") return give_up("it is a replica, which takes nothing");
  life_ += field_of_info(info, "master_replid").substr(0, 4);
  if (life_.size() != kLifeDigits) return give_up("it does not say who it is (INFO)");
  phase_ = Phase::kReady;
  tries_ = 0;
  watch();
  listener_.on_ready(life_);
}

// And back

void RedisConnection::give_up(std::string why) {
  if (!given_up_.empty()) return;
  given_up_ = std::move(why);
  soon_.set(schedule_.now_us());
}

void RedisConnection::lost(std::string why) {
  soon_.cancel();
  given_up_.clear();
  forget_tls();
  if (lookup_) std::exchange(lookup_, nullptr)->connection = nullptr;
  phase_ = Phase::kWaiting;
  // Twice as long after each, give or take a half.
  const std::int64_t pause = std::min(kFirstPauseUs << std::min(tries_++, 10), kLongestPauseUs);
  alarm_.set(schedule_.now_us() +
             static_cast<std::int64_t>(static_cast<double>(pause) * (0.5 + random_.unit())));
  if (redisAsyncContext* const context = std::exchange(context_, nullptr)) redisAsyncFree(context);
  asked_us_.clear();
  listener_.on_lost(why);
}

// Somebody who does not answer is as good as gone.
void RedisConnection::watch() {
  const std::int64_t now = schedule_.now_us();
  if (phase_ != Phase::kReady) {
    return lost(phase_ == Phase::kGreeting && tls_ ? "no answer over TLS within three seconds"
                                                   : "no connection within three seconds");
  }
  if (!asked_us_.empty() && now - asked_us_.front() >= kPatienceUs) {
    return lost("no answer within three seconds");
  }
  if (asked_us_.empty()) send(std::vector<std::string_view>{"PING"}, [](const redisReply*) {});
  alarm_.set(now + kPingUs);
}

void RedisConnection::answered() {
  if (!asked_us_.empty()) asked_us_.pop_front();
}

void RedisConnection::send(std::span<const std::string_view> arguments, Reply reply) {
  std::vector<const char*> data;
  std::vector<std::size_t> sizes;
  for (const std::string_view each : arguments) {
    data.push_back(each.data());
    sizes.push_back(each.size());
  }
  auto sent = std::make_unique<Sent>(Sent{this, std::move(reply)});
  asked_us_.push_back(schedule_.now_us());
  if (redisAsyncCommandArgv(context_, Callbacks::replied, sent.get(),
                            static_cast<int>(arguments.size()), data.data(),
                            sizes.data()) == REDIS_OK) {
    static_cast<void>(sent.release());
    return;
  }
  // It is being given up already.
  const Reply refused = std::move(sent->reply);
  refused(nullptr);
}

void RedisConnection::subscribe(std::string_view channel) {
  const char* data[] = {"SUBSCRIBE", channel.data()};
  const std::size_t sizes[] = {9, channel.size()};
  redisAsyncCommandArgv(context_, Callbacks::heard, nullptr, 2, data, sizes);
}

void RedisConnection::unsubscribe(std::string_view channel) {
  const char* data[] = {"UNSUBSCRIBE", channel.data()};
  const std::size_t sizes[] = {11, channel.size()};
  redisAsyncCommandArgv(context_, Callbacks::heard, nullptr, 2, data, sizes);
}

}  // namespace playground::server
