// What travels on every transport: messages, and the records that say something about the stream.
// docs/api.md describes the format; server and client use the same JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/json.h"
#include "core/result.h"

namespace playground {

// `seq` counts from 1 in a channel. `sent_us` is the scheduled moment of sending, in microseconds
// since the Unix epoch. `payload` is UTF-8.
struct Message {
  std::uint64_t seq = 0;
  std::int64_t sent_us = 0;
  std::string payload;

  bool operator==(const Message&) const = default;
};

// First on every streaming transport. `last` is the newest sequence number of the channel; `epoch`
// tells its lives apart, and is empty where none was given (docs/api.md, "Epochs"). `server` is
// what readers know the server by, where several share channels, and empty elsewhere.
struct Greeting {
  std::uint64_t last = 0;
  std::uint32_t heartbeat_s = 0;
  std::string epoch = {};
  std::string server = {};

  bool operator==(const Greeting&) const = default;
};

// Nothing was published for a while, but the stream is alive. `trouble` is a clause about what may
// keep messages from being published; empty where nothing does.
struct Heartbeat {
  std::int64_t at_us = 0;
  std::string trouble = {};

  bool operator==(const Heartbeat&) const = default;
};

// The reader asked for messages the log has dropped: it now holds `first` to `last`.
struct Reset {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  bool operator==(const Reset&) const = default;
};

using Record = std::variant<Message, Greeting, Heartbeat, Reset>;

// Appends one line of JSON, without a line end. In a payload that is not UTF-8 the bytes at fault
// become U+FFFD.
void encode(const Message& message, std::string& out);
void encode(const Greeting& greeting, std::string& out);
void encode(const Heartbeat& heartbeat, std::string& out);
void encode(const Reset& reset, std::string& out);
void encode(const Record& record, std::string& out);

// The event name of a record in an event stream: empty for a message.
std::string_view event_name(const Record& record);

// From a document that is already parsed: a batch holds both.
Result<Message> message_from(const Json& object);
Result<Reset> reset_from(const Json& body);

// One record from its JSON text. Unknown members are ignored.
Result<Record> parse_record(std::string_view json);

}  // namespace playground
