#include "core/server/wire_format.h"

#include <charconv>

#include "core/event_stream/encoder.h"
#include "core/json_text.h"
#include "core/websocket/frame.h"

namespace playground::server {
namespace {

std::string encode(std::string_view type, std::string_view json, WireFormat format,
                   std::optional<std::uint64_t> id) {
  std::string id_text;
  if (id) append_number(*id, id_text);
  std::string plain;
  std::string out;
  switch (format) {
    case WireFormat::kEventStream:
    case WireFormat::kEventStreamPlain:
      event_stream::encode({.type = type,
                            .data = json,
                            .id = id ? std::optional<std::string_view>(id_text) : std::nullopt},
                           plain);
      break;
    case WireFormat::kNdjson:
    case WireFormat::kNdjsonPlain:
      plain.append(json).append("\n");
      break;
    case WireFormat::kWebSocket:
      websocket::encode_frame(websocket::Opcode::kText, json, out);
      return out;
  }
  if (format == WireFormat::kEventStreamPlain || format == WireFormat::kNdjsonPlain) return plain;
  append_chunk(plain, out);
  return out;
}

template <typename Each>
std::string encode_any(const Each& record, WireFormat format,
                       std::optional<std::uint64_t> id = std::nullopt) {
  std::string json;
  playground::encode(record, json);
  return encode(event_name(Record(record)), json, format, id);
}

}  // namespace

Served served(WireFormat format) {
  switch (format) {
    case WireFormat::kEventStream:
    case WireFormat::kEventStreamPlain:
      return Served::kEventStream;
    case WireFormat::kNdjson:
    case WireFormat::kNdjsonPlain:
      return Served::kNdjson;
    case WireFormat::kWebSocket:
      break;
  }
  return Served::kWebSocket;
}

const StreamFormat& stream_format(std::string_view path) {
  static constexpr StreamFormat kEvents{WireFormat::kEventStream, WireFormat::kEventStreamPlain,
                                        true};
  static constexpr StreamFormat kLines{WireFormat::kNdjson, WireFormat::kNdjsonPlain, false};
  return path == info(Served::kNdjson).path ? kLines : kEvents;
}

void append_chunk(std::string_view data, std::string& out) {
  char digits[2 * sizeof(std::size_t)];
  char* end = std::to_chars(digits, digits + sizeof digits, data.size(), 16).ptr;
  out.append(digits, end).append("\r\n").append(data).append("\r\n");
}

std::string_view inside_chunk(std::string_view chunked) {
  const std::size_t begin = chunked.find('\n') + 1;
  return chunked.substr(begin, chunked.size() - begin - 2);
}

std::string encode_record(const Greeting& greeting, WireFormat format,
                          std::optional<std::uint64_t> id) {
  return encode_any(greeting, format, id);
}

std::string encode_record(const Heartbeat& heartbeat, WireFormat format,
                          std::optional<std::uint64_t> id) {
  return encode_any(heartbeat, format, id);
}

std::string encode_record(const Reset& reset, WireFormat format) {
  return encode_any(reset, format);
}

std::string end_of_stream(WireFormat format) {
  std::string out;
  switch (format) {
    case WireFormat::kEventStream:
    case WireFormat::kNdjson:
      out = "0\r\n\r\n";  // RFC 9112 7.1: the last chunk, no trailer
      break;
    case WireFormat::kEventStreamPlain:
    case WireFormat::kNdjsonPlain:
      break;
    case WireFormat::kWebSocket:
      websocket::encode_close(websocket::CloseCode::kGoingAway, "the stream has ended", out);
      break;
  }
  return out;
}

}  // namespace playground::server
