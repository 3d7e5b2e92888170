#include "tests/native_server/support/record_reader.h"

#include <deque>
#include <stdexcept>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "core/event_stream/parser.h"
#include "core/lines/line_parser.h"
#include "core/poll/batch.h"
#include "tests/native_server/support/websocket_client.h"

namespace playground::server {
namespace {

Record parsed(std::string_view json) {
  auto record = parse_record(json);
  if (!record) throw std::runtime_error(record.error().message + ": " + std::string(json));
  return *record;
}

std::string target_of(const std::string& channel, const char* path,
                      std::optional<std::uint64_t> after, const std::string& query) {
  std::string target = channel + "/" + path + "?" + query;
  if (after) target += "&after=" + std::to_string(*after);
  return target;
}

class PollReader final : public RecordReader {
 public:
  PollReader(std::uint16_t port, std::string channel, const char* path,
             std::optional<std::uint64_t> after, std::string query)
      : client_(port), channel_(std::move(channel)), path_(path), after_(after), query_(query) {}

  std::optional<Record> next() override {
    while (records_.empty()) ask();
    Record record = records_.front();
    records_.pop_front();
    return record;
  }
  Client& connection() override { return client_; }

 private:
  void ask() {
    client_.send(request("GET", target_of(channel_, path_, after_, query_)));
    const Response response = client_.read_response();
    auto batch = poll::parse_batch(response.body);
    if (!batch) throw std::runtime_error(batch.error().message + ": " + response.body);
    if (batch->reset) records_.push_back(*batch->reset);
    for (Message& message : batch->messages) records_.push_back(std::move(message));
    after_ = batch->last;
  }

  Client client_;
  std::string channel_;
  const char* path_;
  std::optional<std::uint64_t> after_;
  std::string query_;
  std::deque<Record> records_;
};

class StreamReader : public RecordReader {
 public:
  StreamReader(std::uint16_t port, const std::string& target, int receive_buffer)
      : client_(port, receive_buffer) {
    client_.send(request("GET", target));
    const Response head = client_.read_head();
    if (head.status != 200) throw std::runtime_error("status " + std::to_string(head.status));
  }

  std::optional<Record> next() override {
    while (records_.empty()) {
      const std::string bytes = client_.read_body();
      if (bytes.empty()) {
        if (!client_.body_ended_in_order()) throw std::runtime_error("no last chunk");
        return std::nullopt;
      }
      feed(bytes);
    }
    Record record = records_.front();
    records_.pop_front();
    return record;
  }
  Client& connection() override { return client_; }

 protected:
  virtual void feed(std::string_view bytes) = 0;
  void add(Record record) { records_.push_back(std::move(record)); }

 private:
  Client client_;
  std::deque<Record> records_;
};

class NdjsonReader final : public StreamReader {
 public:
  using StreamReader::StreamReader;

 private:
  void feed(std::string_view bytes) override {
    lines_.feed(bytes, [this](std::string_view line) { add(parsed(line)); });
  }

  lines::LineParser lines_;
};

class EventStreamReader final : public StreamReader, private event_stream::ParserEvents {
 public:
  using StreamReader::StreamReader;

 private:
  void feed(std::string_view bytes) override { parser_.feed(bytes, *this); }
  void on_retry(std::uint64_t) override {}
  void on_event(const event_stream::Event& event) override {
    const Record record = parsed(event.data);
    if (const auto* message = std::get_if<Message>(&record)) {
      // Of a named channel the epoch follows.
      const std::string_view id = event.last_event_id;
      if (id.substr(0, id.find('-')) != std::to_string(message->seq)) {
        throw std::runtime_error("the id is not the sequence number");
      }
    } else if (event.type != event_name(record)) {
      throw std::runtime_error("the event is named " + std::string(event.type));
    }
    add(record);
  }

  event_stream::Parser parser_;
};

class WebSocketReader final : public RecordReader {
 public:
  WebSocketReader(std::uint16_t port, const std::string& target, int receive_buffer)
      : socket_(port, target, receive_buffer) {}

  std::optional<Record> next() override {
    const auto frame = socket_.next();
    if (frame.opcode == websocket::Opcode::kText) return parsed(frame.payload);
    if (frame.opcode == websocket::Opcode::kClose && frame.close_code == 1001) return std::nullopt;
    throw std::runtime_error("an unexpected frame");
  }
  Client& connection() override { return socket_.connection(); }

 private:
  WebSocketClient socket_;
};

}  // namespace

std::string_view name(Transport transport) {
  switch (transport) {
    case Transport::kPoll:
      return "poll";
    case Transport::kLongPoll:
      return "long-poll";
    case Transport::kEventStream:
      return "sse";
    case Transport::kNdjson:
      return "stream";
    case Transport::kWebSocket:
      return "websocket";
  }
  return {};
}

Message RecordReader::next_message() {
  while (true) {
    const auto record = next();
    if (!record) throw std::runtime_error("the stream ended before a message");
    if (const auto* message = std::get_if<Message>(&*record)) return *message;
  }
}

void RecordReader::expect_messages(std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t seq = first; seq < first + count; ++seq) {
    REQUIRE(next_message().seq == seq);
  }
}

std::unique_ptr<RecordReader> open_reader(Transport transport, std::uint16_t port,
                                          const std::string& channel,
                                          std::optional<std::uint64_t> after,
                                          const std::string& query, int receive_buffer) {
  const char* path = name(transport).data();
  const std::string target = target_of(channel, path, after, query);
  switch (transport) {
    case Transport::kPoll:
    case Transport::kLongPoll:
      return std::make_unique<PollReader>(port, channel, path, after, query);
    case Transport::kEventStream:
      return std::make_unique<EventStreamReader>(port, target, receive_buffer);
    case Transport::kNdjson:
      return std::make_unique<NdjsonReader>(port, target, receive_buffer);
    case Transport::kWebSocket:
      return std::make_unique<WebSocketReader>(port, target, receive_buffer);
  }
  return nullptr;
}

}  // namespace playground::server
