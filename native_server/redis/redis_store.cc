#include "native_server/redis/redis_store.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <hiredis.h>
#include <memory>
#include <utility>

#include "core/server/api_text.h"
#include "native_server/channel_id.h"
#include "native_server/redis/redis_reply.h"
#include "native_server/redis/scripts.h"

namespace playground::server {
namespace {

constexpr std::size_t kEpochDigits = 6;
constexpr std::size_t kNameDigits = 12;
// How many questions may wait for a connection, or for their answers' turn.
constexpr std::size_t kMaxWaiting = 1000;
// What all questions that have no answer may take.
constexpr std::size_t kMaxUnansweredBytes = 64 * 1024 * 1024;
constexpr std::string_view kPrefix = "playground:{";
constexpr std::string_view kHeard = "}:heard";

std::uint64_t number_of(const redisReply* reply) {
  if (reply->type == REDIS_REPLY_INTEGER) return static_cast<std::uint64_t>(reply->integer);
  return parse_whole<std::uint64_t>(text_of(reply)).value_or(0);
}

// The elements of a reply that is an array of so many at least; empty for any other.
std::vector<const redisReply*> elements_of(const redisReply* reply, std::size_t least = 0) {
  if (reply->type != REDIS_REPLY_ARRAY || reply->elements < least) return {};
  return {reply->element, reply->element + reply->elements};
}

StoredState state_from(const redisReply* reply) {
  const auto found = elements_of(reply, 7);
  if (found.empty()) return {};
  return {.epoch = std::string(text_of(found[0])),
          .first = number_of(found[1]),
          .last = number_of(found[2]),
          .played = number_of(found[3]),
          .faults = number_of(found[4]),
          .mine = number_of(found[5]) == 1,
          .start_us = static_cast<std::int64_t>(number_of(found[6]))};
}

StoredChannel channel_from(const redisReply* reply) {
  const auto found = elements_of(reply, 4);
  if (found.empty()) return {};
  StoredChannel channel{.scenario = std::string(text_of(found[0])),
                        .state = state_from(found[1]),
                        .faults = {},
                        .owner = std::string(text_of(found[3]))};
  const auto faults = elements_of(found[2]);
  for (std::size_t i = 0; i + 1 < faults.size(); i += 2) {
    channel.faults.push_back({number_of(faults[i]), std::string(text_of(faults[i + 1]))});
  }
  std::sort(channel.faults.begin(), channel.faults.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  return channel;
}

// A stream's entry: its id, and names with values.
StoredMessage message_from(const redisReply* reply) {
  StoredMessage message;
  const auto entry = elements_of(reply, 2);
  if (entry.empty()) return message;
  const std::string_view id = text_of(entry[0]);
  message.seq = parse_whole<std::uint64_t>(id.substr(0, id.find('-'))).value_or(0);
  const auto fields = elements_of(entry[1]);
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string_view name = text_of(fields[i]);
    if (name == "t") message.sent_us = static_cast<std::int64_t>(number_of(fields[i + 1]));
    if (name == "i") message.index = number_of(fields[i + 1]);
    if (name == "p") message.payload = text_of(fields[i + 1]);
  }
  return message;
}

// The Pub/Sub channel of a channel.
std::string heard_at(std::string_view id) { return std::string(kPrefix).append(id).append(kHeard); }

std::string where(const RedisAddress& address) {
  return address.master.empty() ? "Redis" : "Redis (master " + address.master + ")";
}

}  // namespace

RedisStore::RedisStore(uv_loop_t* loop, Schedule& schedule, RedisAddress address,
                       std::function<void(std::string_view)> say)
    : schedule_(schedule),
      address_(std::move(address)),
      say_(std::move(say)),
      random_(random_bits()),
      name_(random_.digits(kNameDigits)),
      soon_(schedule,
            [this] {
              for (const Answered& done : std::exchange(failed_, {})) {
                done(StoreError::kUnavailable);
              }
            }),
      late_(schedule,
            [this] {
              const std::int64_t now = schedule_.now_us();
              while (!waiting_.empty() &&
                     now - waiting_.front().asked_us >= RedisConnection::kPatienceUs) {
                const Question question = std::move(waiting_.front());
                waiting_.pop_front();
                question.done(StoreError::kUnavailable);
              }
              if (!waiting_.empty()) {
                late_.set(waiting_.front().asked_us + RedisConnection::kPatienceUs);
              }
            }),
      commands_(loop, schedule, address_, asking_line_),
      hearing_(loop, schedule, address_, hearing_line_) {}

// Connections

void RedisStore::on_ready(Line& line, const std::string& life) {
  line.life = life;
  line.why.clear();
  // A failover may have left one of the connections behind, at the master that was.
  const Line& other = line.hearing ? asking_line_ : hearing_line_;
  if (connection(other).ready() && other.life != life) {
    connection(other).give_up("another Redis has taken its place");
  }
  if (line.hearing) {
    for (const auto& [id, follower] : followers_) {
      hearing_.subscribe(heard_at(id));
    }
  } else {
    refusal_.clear();
    for (std::size_t i = 0; i < kScripts; ++i) {
      const std::string whole = std::string(kScriptHead).append(kScriptSources[i]);
      const std::string_view load[] = {"SCRIPT", "LOAD", whole};
      commands_.send(load, [this, i](const redisReply* reply) {
        if (!reply) return;
        if (reply->type != REDIS_REPLY_STRING) {
          return commands_.give_up("it takes no scripts: " + std::string(text_of(reply)));
        }
        hashes_[i] = text_of(reply);
        if (i + 1 < kScripts) return;
        for (Question& question : std::exchange(waiting_, {})) send(std::move(question));
        for (const auto& [id, follower] : followers_) follower->on_change();
      });
    }
  }
  say_trouble();
}

void RedisStore::on_lost(Line& line, std::string_view why) {
  if (line.why.empty()) {
    line.lost_us = schedule_.now_us();
    ++metrics_.connections_lost;
  }
  line.why = why;
  if (!line.hearing) hashes_ = {};
  say_trouble();
}

const RedisStore::Line* RedisStore::lost_line() const {
  for (const Line* line : {&asking_line_, &hearing_line_}) {
    if (!line->why.empty()) return line;
  }
  return nullptr;
}

std::string RedisStore::trouble() const {
  if (const Line* line = lost_line()) {
    const std::int64_t for_s = (schedule_.now_us() - line->lost_us) / kSecondUs;
    return where(address_) + " at " + place(*line) + " has been away for " + std::to_string(for_s) +
           " s: " + line->why;
  }
  if (!connected()) {
    return where(address_) + " at " + commands_.place() + " has not answered yet";
  }
  if (!refusal_.empty()) return where(address_) + " refuses: " + refusal_;
  return {};
}

// Once for each trouble and its end.
void RedisStore::say_trouble() {
  std::string sentence;
  if (const Line* line = lost_line()) {
    sentence = where(address_) + " at " + place(*line) + " is away: " + line->why;
  } else if (!refusal_.empty())
    sentence = where(address_) + " refuses: " + refusal_;
  if (sentence == said_) return;
  said_ = sentence;
  if (!sentence.empty()) return say_(sentence);
  if (connected()) say_(where(address_) + " at " + commands_.place() + " answers");
}

// Hearing

RedisStore::Follower* RedisStore::follower_of(std::string_view channel) const {
  if (!channel.starts_with(kPrefix) || !channel.ends_with(kHeard)) return nullptr;
  channel.remove_prefix(kPrefix.size());
  channel.remove_suffix(kHeard.size());
  const auto found = followers_.find(channel);
  return found == followers_.end() ? nullptr : found->second;
}

void RedisStore::on_subscribed(std::string_view channel) {
  if (Follower* follower = follower_of(channel)) follower->on_hearing();
}

void RedisStore::on_message(std::string_view channel, std::string_view text) {
  Follower* const follower = follower_of(channel);
  if (!follower) return;
  const std::string_view kind = take_word(text);
  if (kind == "message") {
    const std::string_view epoch = take_word(text);
    StoredMessage message;
    message.seq = parse_whole<std::uint64_t>(take_word(text)).value_or(0);
    message.sent_us = parse_whole<std::int64_t>(take_word(text)).value_or(0);
    message.index = parse_whole<std::uint64_t>(take_word(text)).value_or(0);
    message.payload = text;
    follower->on_message(epoch, std::move(message));
  } else if (kind == "changed") {
    follower->on_change();
  } else if (kind == "end") {
    follower->on_end();
  } else if (kind == "word") {
    follower->on_word(text);
  }
}

void RedisStore::follow(const std::string& id, Follower& follower) {
  followers_[id] = &follower;
  if (hearing_.ready()) hearing_.subscribe(heard_at(id));
}

void RedisStore::unfollow(const std::string& id, const Follower& follower) {
  const auto found = followers_.find(id);
  if (found == followers_.end() || found->second != &follower) return;
  followers_.erase(found);
  if (hearing_.ready()) hearing_.unsubscribe(heard_at(id));
}

// Asking

void RedisStore::run(Script script, const std::string& id, std::vector<std::string> arguments,
                     Answered done) {
  const std::string key = std::string(kPrefix) + id + "}";
  std::vector<std::string> all{"EVALSHA",
                               {},  // its hash
                               "6",
                               key,
                               key + ":log",
                               key + ":player",
                               key + ":faults",
                               key + ":ended",
                               heard_at(id),
                               name_,
                               {},  // the life of Redis
                               random_.digits(kEpochDigits),
                               std::to_string(kExpiryUs / 1000),
                               std::to_string(kLeaseUs / 1000)};
  for (std::string& argument : arguments) all.push_back(std::move(argument));
  ask(script, std::move(all), std::move(done));
}

void RedisStore::ask(std::optional<Script> script, std::vector<std::string> arguments,
                     Answered done) {
  std::size_t bytes = 0;
  for (const std::string& argument : arguments) bytes += argument.size();
  if (unanswered_bytes_ + bytes > kMaxUnansweredBytes) return fail(std::move(done));
  unanswered_bytes_ += bytes;
  Question question{schedule_.now_us(), script, std::move(arguments),
                    [this, bytes, done = std::move(done)](const auto& reply) {
                      unanswered_bytes_ -= bytes;
                      done(reply);
                    }};
  if (commands_.ready() && !hashes_.back().empty()) return send(std::move(question));
  const bool long_away = !asking_line_.why.empty() &&
                         schedule_.now_us() - asking_line_.lost_us >= RedisConnection::kPatienceUs;
  if (long_away || waiting_.size() >= kMaxWaiting) return fail(std::move(question.done));
  if (waiting_.empty()) late_.set(question.asked_us + RedisConnection::kPatienceUs);
  waiting_.push_back(std::move(question));
}

// Not now: whoever asks may be in the middle of something.
void RedisStore::fail(Answered done) {
  ++metrics_.failures["away"];
  failed_.push_back(std::move(done));
  soon_.set(schedule_.now_us());
}

void RedisStore::send(Question question) {
  ++metrics_.questions;
  std::vector<std::string_view> arguments(question.arguments.begin(), question.arguments.end());
  if (question.script) {
    arguments[1] = hashes_[static_cast<std::size_t>(*question.script)];
    arguments[10] = asking_line_.life;
  }
  auto asked = std::make_shared<Question>(std::move(question));
  // The views are of strings that have moved with the vector that holds them, and stay where they
  // are.
  commands_.send(arguments, [this, asked](const redisReply* reply) { answer(*asked, reply); });
}

void RedisStore::answer(const Question& question, const redisReply* reply) {
  if (!reply) return fail(question.done);
  metrics_.answers.record(schedule_.now_us() - question.asked_us);
  if (reply->type == REDIS_REPLY_ERROR) {
    return question.done(failure({reply->str, reply->len}));
  }
  // Others write nothing that needs room.
  const bool writes = question.script == Script::kAppend || question.script == Script::kBegin ||
                      question.script == Script::kAddFault;
  if (!refusal_.empty() && writes) {
    refusal_.clear();
    say_trouble();
  }
  question.done(reply);
}

StoreError RedisStore::failure(std::string_view error) {
  // Our own
  if (error.starts_with("NONE")) return StoreError::kNone;
  if (error.starts_with("ENDED")) return StoreError::kEnded;
  if (error.starts_with("LEFTOUT")) return StoreError::kLeftOut;
  if (error.starts_with("TOOMANY")) return StoreError::kTooMany;
  // Redis 6 says which command of the script it was, and then what was wrong with it.
  const auto says = [error](std::string_view code) { return error.find(code) != error.npos; };
  StoreError result = StoreError::kUnavailable;
  std::string_view kind = "refused";
  if (says("OOM ")) {
    result = StoreError::kFull;
    kind = "full";
  } else if (says("READONLY")) {
    kind = "read-only";
  } else if (says("LOADING")) {
    kind = "loading";
  }
  ++metrics_.failures[kind];
  refusal_ = std::string(error.substr(0, error.find(" script:")));
  say_trouble();
  // This connection will not do any more: who is the master now, or which scripts there are, is
  // found out with a new one.
  for (const std::string_view code : {"READONLY", "NOSCRIPT", "LOADING", "MASTERDOWN", "STALE"}) {
    if (says(code)) commands_.give_up(refusal_);
  }
  return result;
}

namespace {

// The error of a reply that is one, and else what `read` makes of it.
template <typename T, typename Read>
auto reading(SharedStore::Done<T> done, Read read) {
  return [done = std::move(done), read](Result<const redisReply*, StoreError> reply) {
    if (!reply) return done(reply.error());
    done(T(read(*reply)));
  };
}

void ignore(const Result<const redisReply*, StoreError>&) {}

}  // namespace

void RedisStore::begin(const std::string& id, const Beginning& beginning,
                       Done<StoredChannel> done) {
  run(Script::kBegin, id,
      {beginning.scenario, std::to_string(beginning.start_us), std::to_string(beginning.played),
       std::to_string(beginning.faults), beginning.goes_on ? "1" : "0",
       std::to_string(beginning.number), beginning.owner, std::to_string(beginning.of_owner)},
      reading<StoredChannel>(std::move(done), channel_from));
}

void RedisStore::open(const std::string& id, Done<StoredChannel> done) {
  run(Script::kOpen, id, {}, reading<StoredChannel>(std::move(done), channel_from));
}

void RedisStore::keep(const std::string& id, Done<StoredState> done) {
  run(Script::kKeep, id, {}, reading<StoredState>(std::move(done), state_from));
}

void RedisStore::leave(const std::string& id) { run(Script::kLeave, id, {}, ignore); }

void RedisStore::append(const std::string& id, const Append& message, Done<Appended> done) {
  run(Script::kAppend, id,
      {std::to_string(message.sent_us), std::to_string(message.index), message.jumps ? "1" : "0",
       std::to_string(message.history), std::string(message.payload),
       std::to_string(message.bytes)},
      reading<Appended>(std::move(done), [](const redisReply* reply) {
        const auto found = elements_of(reply, 2);
        if (found.empty()) return Appended{};
        return Appended{std::string(text_of(found[0])), number_of(found[1])};
      }));
}

void RedisStore::read(const std::string& id, std::uint64_t after, std::size_t max,
                      Done<Page> done) {
  run(Script::kRead, id, {std::to_string(after), std::to_string(max)},
      reading<Page>(std::move(done), [](const redisReply* reply) {
        Page page;
        const auto found = elements_of(reply, 2);
        if (found.empty()) return page;
        page.epoch = text_of(found[0]);
        for (const redisReply* entry : elements_of(found[1])) {
          page.messages.push_back(message_from(entry));
        }
        return page;
      }));
}

void RedisStore::forget(const std::string& id) { run(Script::kForget, id, {}, ignore); }

void RedisStore::end(const std::string& id, std::int64_t start_us, Done<std::uint64_t> done) {
  run(Script::kEnd, id, {std::to_string(start_us)},
      reading<std::uint64_t>(std::move(done), number_of));
}

void RedisStore::add_fault(const std::string& id, std::string_view text,
                           const std::vector<std::uint64_t>& over, Done<std::uint64_t> done) {
  std::vector<std::string> arguments{std::string(text)};
  for (const std::uint64_t number : over) arguments.push_back(std::to_string(number));
  run(Script::kAddFault, id, std::move(arguments),
      reading<std::uint64_t>(std::move(done), number_of));
}

void RedisStore::lift_faults(const std::string& id, const std::vector<std::uint64_t>& numbers,
                             Done<std::uint64_t> done) {
  std::vector<std::string> arguments;
  for (const std::uint64_t number : numbers) arguments.push_back(std::to_string(number));
  run(Script::kLiftFaults, id, std::move(arguments),
      reading<std::uint64_t>(std::move(done), number_of));
}

void RedisStore::tell(const std::string& id, std::string_view text, Done<std::uint64_t> done) {
  ask(std::nullopt, {"PUBLISH", heard_at(id), "word " + std::string(text)},
      reading<std::uint64_t>(std::move(done), number_of));
}

}  // namespace playground::server
