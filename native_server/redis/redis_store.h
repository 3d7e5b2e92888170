// The store that servers share, in Redis: 6.2 or newer, one master, perhaps behind Sentinels. It
// has one connection for questions, which are sent ahead of each other's answers, and one that
// hears.
//
// Of a channel it keeps, for as long as a server has it (docs/scaling.md, "Keys"):
//   playground:{ID}         a hash: scenario, beginning, epoch, the last number…
//   playground:{ID}:log     a stream of its messages; the id of one is its number, a hyphen and 0
//   playground:{ID}:player  the server that plays the scenario
//   playground:{ID}:faults  a hash of those asked for since the beginning
//   playground:{ID}:ended   for a minute after its end
//   playground:of:ADDRESS   the set of an address's channels
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "core/server/metrics.h"
#include "core/server/schedule.h"
#include "core/server/shared/shared_store.h"
#include "native_server/redis/redis_address.h"
#include "native_server/redis/redis_connection.h"

namespace playground::server {

// What /metrics says of it.
struct RedisMetrics {
  std::uint64_t questions = 0;
  std::map<std::string_view, std::uint64_t> failures;  // by kind
  std::uint64_t connections_lost = 0;
  DurationCounts answers;  // from question to answer
};

class RedisStore final : public SharedStore {
 public:
  // `say` gets a sentence when something goes wrong, or well again. All must outlive the store.
  RedisStore(uv_loop_t* loop, Schedule& schedule, RedisAddress address,
             std::function<void(std::string_view sentence)> say);

  const RedisMetrics& metrics() const { return metrics_; }
  bool connected() const { return commands_.ready() && hearing_.ready(); }

  // SharedStore
  const std::string& name() const override { return name_; }
  void begin(const std::string& id, const Beginning& beginning, Done<StoredChannel> done) override;
  void open(const std::string& id, Done<StoredChannel> done) override;
  void keep(const std::string& id, Done<StoredState> done) override;
  void leave(const std::string& id) override;
  void append(const std::string& id, const Append& message, Done<Appended> done) override;
  void read(const std::string& id, std::uint64_t after, std::size_t max, Done<Page> done) override;
  void forget(const std::string& id) override;
  void end(const std::string& id, std::int64_t start_us, Done<std::uint64_t> done) override;
  void add_fault(const std::string& id, std::string_view text,
                 const std::vector<std::uint64_t>& over, Done<std::uint64_t> done) override;
  void lift_faults(const std::string& id, const std::vector<std::uint64_t>& numbers,
                   Done<std::uint64_t> done) override;
  void tell(const std::string& id, std::string_view text, Done<std::uint64_t> done) override;
  void follow(const std::string& id, Follower& follower) override;
  void unfollow(const std::string& id, const Follower& follower) override;
  std::string trouble() const override;

 private:
  enum class Script : std::uint8_t {
    kBegin,
    kOpen,
    kKeep,
    kLeave,
    kAppend,
    kRead,
    kForget,
    kEnd,
    kAddFault,
    kLiftFaults,
  };
  static constexpr std::size_t kScripts = 10;

  // A reply, or why there is none.
  using Answered = std::function<void(Result<const redisReply*, StoreError> reply)>;
  struct Question {
    std::int64_t asked_us;
    std::optional<Script> script;  // whose hash, and Redis's life, are put in when it is sent
    std::vector<std::string> arguments;
    Answered done;
  };
  // The two connections.
  struct Line final : RedisConnection::Listener {
    explicit Line(RedisStore& of, bool hears) : store(of), hearing(hears) {}
    void on_ready(const std::string& new_life) override { store.on_ready(*this, new_life); }
    void on_lost(std::string_view reason) override { store.on_lost(*this, reason); }
    void on_message(std::string_view channel, std::string_view text) override {
      store.on_message(channel, text);
    }
    void on_subscribed(std::string_view channel) override { store.on_subscribed(channel); }

    RedisStore& store;
    const bool hearing;
    std::string life = {};
    std::string why = {};  // it is lost; empty while it is not
    std::int64_t lost_us = 0;
  };

  void on_ready(Line& line, const std::string& life);
  void on_lost(Line& line, std::string_view why);
  void on_message(std::string_view channel, std::string_view text);
  void on_subscribed(std::string_view channel);
  Follower* follower_of(std::string_view channel) const;

  void run(Script script, const std::string& id, std::vector<std::string> arguments, Answered done);
  void ask(std::optional<Script> script, std::vector<std::string> arguments, Answered done);
  void send(Question question);
  void answer(const Question& question, const redisReply* reply);
  void fail(Answered done);
  StoreError failure(std::string_view error);
  RedisConnection& connection(const Line& line) { return line.hearing ? hearing_ : commands_; }
  // The first of the two that is lost; null where none is.
  const Line* lost_line() const;
  std::string place(const Line& line) const {
    return (line.hearing ? hearing_ : commands_).place();
  }
  void say_trouble();

  Schedule& schedule_;
  const RedisAddress address_;
  std::function<void(std::string_view)> say_;
  Random random_;
  const std::string name_;
  RedisMetrics metrics_;
  std::map<std::string, Follower*, std::less<>> followers_;  // by id
  std::array<std::string, kScripts> hashes_;
  std::deque<Question> waiting_;  // until there is a connection, which may take a moment
  std::vector<Answered> failed_;
  std::size_t unanswered_bytes_ = 0;
  std::string refusal_;  // what Redis says to who writes; empty while it takes it
  std::string said_;
  Alarm soon_;
  Alarm late_;
  Line asking_line_{*this, false};
  Line hearing_line_{*this, true};
  RedisConnection commands_;
  RedisConnection hearing_;
};

}  // namespace playground::server
