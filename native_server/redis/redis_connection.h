// One connection to Redis that comes back whenever it is lost. hiredis speaks the protocol; where
// Redis is, who it is, how long to wait for an answer and when to try again is decided here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <uv.h>

#include "core/random.h"
#include "core/server/schedule.h"
#include "native_server/redis/redis_address.h"

struct redisAsyncContext;
struct redisReply;
struct ssl_ctx_st;
struct ssl_st;

namespace playground::server {

class RedisConnection {
 public:
  static constexpr std::size_t kLifeDigits = 8;

  // Without an answer for so long, the connection is given up.
  static constexpr std::int64_t kPatienceUs = 3 * kSecondUs;

  class Listener {
   public:
    // It may be used. `life` is kLifeDigits of its run id and its replication id: as long as they
    // are the same, it has not restarted, and no other has taken its place.
    virtual void on_ready(const std::string& life) = 0;
    // It may not any more, or could not be begun: why. What is outstanding is answered first.
    virtual void on_lost(std::string_view why) = 0;
    // Of a connection that subscribes: a message, or that it hears a channel from now on.
    virtual void on_message(std::string_view channel, std::string_view text) = 0;
    virtual void on_subscribed(std::string_view channel) = 0;

   protected:
    ~Listener() = default;
  };

  // Loop, schedule, address and listener outlive it. It connects at once.
  RedisConnection(uv_loop_t* loop, Schedule& schedule, const RedisAddress& address,
                  Listener& listener);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  bool ready() const { return phase_ == Phase::kReady; }
  // Where it is connected to, or was last tried.
  const std::string& place() const { return place_; }

  // Precondition: ready(). Without a reply the connection was lost.
  using Reply = std::function<void(const redisReply* reply)>;
  void send(std::span<const std::string_view> arguments, Reply reply);
  // Precondition: ready().
  void subscribe(std::string_view channel);
  void unsubscribe(std::string_view channel);
  // An answer has said that this Redis is of no use any more. Not in a reply's own call: soon.
  void give_up(std::string why);

 private:
  enum class Phase : std::uint8_t { kWaiting, kResolving, kConnecting, kGreeting, kReady };
  struct Lookup;
  struct Sent;
  struct Callbacks;

  void begin();
  void look_up(std::string host, std::uint16_t port);
  void looked_up(int status, const addrinfo* found);
  void connect(const std::string& host, std::uint16_t port);
  bool begin_tls();
  void forget_tls();
  std::string reason(const char* error) const;
  void connected();
  void ask_sentinel();
  void greet();
  void greeted(const redisReply* reply);
  void lost(std::string why);
  void watch();
  void answered();

  uv_loop_t* loop_;
  Schedule& schedule_;
  const RedisAddress& address_;
  Listener& listener_;
  Random random_;
  std::shared_ptr<ssl_ctx_st> tls_;
  ssl_st* session_ = nullptr;  // hiredis's, as long as there is a connection
  std::string alert_;          // by which Redis has ended it
  Phase phase_ = Phase::kWaiting;
  bool of_sentinel_ = false;  // this connection is to a Sentinel
  std::size_t next_place_ = 0;
  int tries_ = 0;  // since it was ready last
  std::string host_;
  std::uint16_t port_ = 0;
  std::string place_;
  std::string life_;
  Lookup* lookup_ = nullptr;
  redisAsyncContext* context_ = nullptr;
  std::deque<std::int64_t> asked_us_;  // of what has no answer yet
  std::string given_up_;
  Alarm alarm_;
  Alarm soon_;
};

}  // namespace playground::server
