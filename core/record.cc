#include "core/record.h"

#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "core/json_text.h"

namespace playground {
namespace {

InputError wrong(std::string_view what) { return {"a record's " + std::string(what)}; }

std::optional<std::int64_t> time_of(const Json& object, std::string_view name) {
  const Json* member = member_in(object, name);
  return member != nullptr ? member->whole() : std::nullopt;
}

Result<Greeting> greeting_from(const Json& body) {
  const auto last = count_in(body, "last");
  if (!last) return wrong("greeting.last is not a whole number");
  const auto heartbeat = count_in(body, "heartbeat_s");
  if (!heartbeat || *heartbeat > std::numeric_limits<std::uint32_t>::max()) {
    return wrong("greeting.heartbeat_s is not a whole number of seconds");
  }
  const std::string* epoch = text_in(body, "epoch");
  if (epoch == nullptr && member_in(body, "epoch")) return wrong("greeting.epoch is not a string");
  const std::string* server = text_in(body, "server");
  return Greeting{*last, static_cast<std::uint32_t>(*heartbeat), epoch ? *epoch : std::string(),
                  server ? *server : std::string()};
}

Result<Heartbeat> heartbeat_from(const Json& body) {
  const auto at = time_of(body, "at_us");
  if (!at) return wrong("heartbeat.at_us is not a whole number");
  const std::string* trouble = text_in(body, "trouble");
  return Heartbeat{*at, trouble ? *trouble : std::string()};
}

// A record from the part of the document that holds it.
template <typename T>
Result<Record> as_record(Result<T> part) {
  if (!part) return part.error();
  return Record(std::move(*part));
}

// Takes `prefix` off.
bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Takes off a number from 1.
template <typename Number>
bool take_number(std::string_view& text, Number& number) {
  if (text.empty() || text.front() < '1' || text.front() > '9') return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return error == std::errc();
}

// A message as encode() writes it, with nothing to unescape, as most records are: read without
// building a document. Nothing for any other text, which may still be a record.
std::optional<Message> plain_message(std::string_view text) {
  Message message;
  if (!take(text, "{\"seq\":") || !take_number(text, message.seq)) return std::nullopt;
  if (!take(text, ",\"sent_us\":") || !take_number(text, message.sent_us)) return std::nullopt;
  if (!take(text, ",\"payload\":\"") || !text.ends_with("\"}")) return std::nullopt;
  text.remove_suffix(2);
  for (const char c : text) {
    if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') return std::nullopt;
  }
  message.payload = text;
  return message;
}

}  // namespace

void encode(const Message& message, std::string& out) {
  JsonObject(out)
      .add("seq", message.seq)
      .add("sent_us", message.sent_us)
      .add("payload", message.payload);
}

void encode(const Greeting& greeting, std::string& out) {
  JsonObject record(out);
  JsonObject body(record.value("greeting"));
  body.add("last", greeting.last).add("heartbeat_s", greeting.heartbeat_s);
  if (!greeting.epoch.empty()) body.add("epoch", greeting.epoch);
  if (!greeting.server.empty()) body.add("server", greeting.server);
}

void encode(const Heartbeat& heartbeat, std::string& out) {
  JsonObject record(out);
  JsonObject body(record.value("heartbeat"));
  body.add("at_us", heartbeat.at_us);
  if (!heartbeat.trouble.empty()) body.add("trouble", heartbeat.trouble);
}

void encode(const Reset& reset, std::string& out) {
  JsonObject record(out);
  JsonObject(record.value("reset")).add("first", reset.first).add("last", reset.last);
}

void encode(const Record& record, std::string& out) {
  std::visit([&](const auto& each) { encode(each, out); }, record);
}

std::string_view event_name(const Record& record) {
  constexpr std::string_view kNames[] = {"", "greeting", "heartbeat", "reset"};
  return kNames[record.index()];
}

Result<Message> message_from(const Json& object) {
  const auto seq = count_in(object, "seq");
  if (!seq || *seq == 0) return wrong("seq is not a whole number from 1");
  const auto sent = time_of(object, "sent_us");
  if (!sent) return wrong("sent_us is not a whole number of microseconds");
  const std::string* payload = text_in(object, "payload");
  if (payload == nullptr) return wrong("payload is not a string");
  return Message{*seq, *sent, *payload};
}

Result<Reset> reset_from(const Json& body) {
  const auto first = count_in(body, "first");
  if (!first) return wrong("reset.first is not a whole number");
  const auto last = count_in(body, "last");
  if (!last) return wrong("reset.last is not a whole number");
  return Reset{*first, *last};
}

Result<Record> parse_record(std::string_view text) {
  if (auto message = plain_message(text)) return Record(std::move(*message));
  const Json json = parse_json(text);
  if (json.members() == nullptr) return InputError{"a record is not a JSON object"};
  if (member_in(json, "seq")) return as_record(message_from(json));
  if (const Json* body = member_in(json, "greeting")) return as_record(greeting_from(*body));
  if (const Json* body = member_in(json, "heartbeat")) return as_record(heartbeat_from(*body));
  if (const Json* body = member_in(json, "reset")) return as_record(reset_from(*body));
  return InputError{"a record is neither a message nor a greeting, a heartbeat or a reset"};
}

}  // namespace playground
