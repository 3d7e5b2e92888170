#include "core/server/wire_format.h"

#include <charconv>

#include "core/event_stream/encoder.h"
#include "core/websocket/frame.h"

namespace playground::server {
Served served(WireFormat format) {
  constexpr Served kServed[] = {Served::kEventStream, Served::kEventStream, Served::kNdjson,
                                Served::kNdjson, Served::kWebSocket};
  return kServed[static_cast<std::size_t>(format)];
}

bool is_chunked(WireFormat format) {
  return format == WireFormat::kEventStream || format == WireFormat::kNdjson;
}

WireFormat stream_format(const ServedInfo& as, bool chunked) {
  if (as.upgrades) return WireFormat::kWebSocket;
  if (&as == &info(Served::kNdjson)) {
    return chunked ? WireFormat::kNdjson : WireFormat::kNdjsonPlain;
  }
  return chunked ? WireFormat::kEventStream : WireFormat::kEventStreamPlain;
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

std::string encode_record(const Record& record, WireFormat format,
                          const std::optional<std::string>& id) {
  std::string json;
  encode(record, json);
  std::string out;
  if (format == WireFormat::kWebSocket) {
    websocket::encode_frame(websocket::Opcode::kText, json, out);
    return out;
  }
  std::string plain = json + '\n';
  if (served(format) == Served::kEventStream) {
    plain.clear();
    event_stream::encode({event_name(record), json, id}, plain);
  }
  if (!is_chunked(format)) return plain;
  append_chunk(plain, out);
  return out;
}

std::string end_of_stream(WireFormat format) {
  std::string out;
  if (format == WireFormat::kWebSocket) {
    websocket::encode_close(websocket::CloseCode::kGoingAway, "the stream has ended", out);
  } else if (is_chunked(format)) {
    out = "0\r\n\r\n";  // RFC 9112 7.1: the last chunk, no trailer
  }
  return out;
}

}  // namespace playground::server
