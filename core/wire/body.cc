#include "core/wire/body.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/utf8.h"
#include "core/websocket/format.h"
#include "core/websocket/frame.h"

namespace playground::wire {
namespace {

constexpr std::string_view kRecords = "docs/api.md, Records";
constexpr std::string_view kFrames = "RFC 6455 5.2";
constexpr std::string_view kMasking = "RFC 6455 5.3";
constexpr std::string_view kEvents = "WHATWG HTML 9.2.6";

std::string counted(std::uint64_t count, std::string_view one, std::string_view more) {
  return std::to_string(count).append(" ").append(count == 1 ? one : more);
}

// The end of the digits that follow `key` in `text` from `at` on; nothing without key or digits.
std::optional<std::size_t> behind_number(std::string_view text, std::size_t at,
                                         std::string_view key) {
  if (text.substr(at, key.size()) != key) return std::nullopt;
  const std::size_t begin = at + key.size();
  const std::size_t end = std::min(text.find_first_not_of("-0123456789", begin), text.size());
  if (end == begin) return std::nullopt;
  return end;
}

void add_payload(std::string_view bytes, std::vector<Span>& out) {
  if (bytes.empty()) return;
  Span span = (is_utf8(bytes) ? text_span : hex_span)(
      "payload", bytes, "The payload: what all the rest is sent for.", kRecords);
  span.overhead = false;
  out.push_back(std::move(span));
}

Span bits_span(std::string_view kind, std::uint64_t value, int bits, std::string meaning,
               std::size_t size) {
  Span span;
  span.kind = kind;
  span.form = Span::Form::kBits;
  for (int bit = bits - 1; bit >= 0; --bit) span.bytes += (value >> bit & 1) != 0 ? '1' : '0';
  span.size = size;
  span.meaning = std::move(meaning);
  span.source = kFrames;
  return span;
}

struct OpcodeRow {
  websocket::Opcode opcode;
  const char* meaning;
};
constexpr OpcodeRow kOpcodes[] = {
    {websocket::Opcode::kContinuation,
     "Opcode 0: this frame continues the message of the one before."},
    {websocket::Opcode::kText, "Opcode 1: a text message, in UTF-8."},
    {websocket::Opcode::kBinary, "Opcode 2: a binary message."},
    {websocket::Opcode::kClose,
     "Opcode 8: Close. Each side sends one, and then the connection ends."},
    {websocket::Opcode::kPing, "Opcode 9: Ping. The other side answers with a Pong."},
    {websocket::Opcode::kPong, "Opcode 10: Pong, the answer to a Ping."},
};

const char* opcode_meaning(websocket::Opcode opcode) {
  for (const OpcodeRow& row : kOpcodes) {
    if (row.opcode == opcode) return row.meaning;
  }
  return "An opcode that the standard keeps for later.";
}

std::string length_meaning(std::uint8_t length) {
  if (length == websocket::kLength16) {
    return "126 means: the length is in the next two bytes. It would not fit into seven bits.";
  }
  if (length == websocket::kLength64) {
    return "127 means: the length is in the next eight bytes.";
  }
  return "The payload has " + counted(length, "byte", "bytes") +
         ". Up to 125 the length needs no byte of its own.";
}

// Of an event stream (WHATWG HTML 9.2.6); the data of a message are taken apart further.
struct LineRow {
  std::string_view field;
  const char* meaning;
};
constexpr LineRow kLines[] = {
    {"id",
     "The id of the event. After a reconnect the browser sends the last one back as "
     "Last-Event-ID."},
    {"event", "The event's name; without one it is “message”."},
    {"retry", "How long to wait before a reconnect, in milliseconds."},
    {"data", "A line of the event's data."},
};

Span annotate_stream_line(std::string_view line) {
  if (line == "\n" || line == "\r\n") {
    return text_span("blank line", line,
                     "A blank line dispatches the event: until it has come, the reader sees "
                     "nothing.",
                     kEvents);
  }
  const std::string_view field = line.substr(0, line.find(':'));
  for (const LineRow& row : kLines) {
    if (row.field == field) return text_span(row.field, line, row.meaning, kEvents);
  }
  return text_span("record", line, "A record about the stream, not a message.", kRecords);
}

// The data of a chunk, or of a body without chunks.
void annotate_lines(std::string_view data, std::vector<Span>& out) {
  while (!data.empty()) {
    const std::size_t end = data.find('\n');
    const std::string_view line = end == std::string_view::npos ? data : data.substr(0, end + 1);
    data.remove_prefix(line.size());
    constexpr std::string_view kData = "data: ";
    const std::size_t json = line.starts_with(kData) ? kData.size() : 0;
    if (const auto parts = record_at(line.substr(json))) {
      if (json > 0) {
        out.push_back(text_span("field name", line.substr(0, json),
                                "The event's data follow, up to the end of the line.", kEvents));
      }
      annotate_record(line.substr(json, parts->end), *parts, out);
      if (json + parts->end < line.size()) {
        out.push_back(text_span(
            "line end", line.substr(json + parts->end),
            json > 0 ? "The end of the line ends the field." : "A line end ends the record.",
            json > 0 ? "WHATWG HTML 9.2.5" : "NDJSON 3.1"));
      }
    } else {
      out.push_back(annotate_stream_line(line));
    }
  }
}

// What a frame is for; with `key` it is masked, and shown as it crossed the wire.
void add_frame_payload(std::string_view payload, websocket::Opcode opcode,
                       const websocket::MaskingKey* key, std::vector<Span>& out) {
  if (payload.empty()) return;
  const auto parts = key ? std::nullopt : record_at(payload);
  if (parts && parts->end == payload.size()) return annotate_record(payload, *parts, out);
  const bool is_control = websocket::is_control(opcode);
  std::string plain(payload);
  if (key) websocket::apply_mask(*key, 0, plain.data(), plain.size());
  std::string meaning;
  if (opcode == websocket::Opcode::kClose && plain.size() >= 2) {
    const auto code =
        static_cast<std::uint16_t>(websocket::big_endian(std::string_view(plain).substr(0, 2)));
    meaning = "Close code " + std::to_string(code);
    if (const auto name = websocket::close_code_name(code); !name.empty()) {
      meaning.append(", ").append(name);
    }
    if (plain.size() > 2) meaning.append(": ").append(plain, 2);
    meaning += '.';
  } else if (key) {
    meaning = is_utf8(plain) ? "Unmasked: " + plain.substr(0, 200) : "Masked binary data.";
  } else {
    meaning = is_control ? "What the control frame has to say."
                         : "A record about the stream, not a message.";
  }
  const bool as_hex = key || is_control || !is_utf8(payload);
  out.push_back((as_hex ? hex_span : text_span)(key ? "masked payload" : "payload", payload,
                                                std::move(meaning), key ? kMasking : kFrames));
}

}  // namespace

std::optional<RecordParts> record_at(std::string_view text) {
  constexpr std::string_view kSeq = "{\"seq\":";
  constexpr std::string_view kSent = ",\"sent_us\":";
  constexpr std::string_view kPayload = ",\"payload\":\"";
  const auto seq = behind_number(text, 0, kSeq);
  if (!seq) return std::nullopt;
  const auto sent = behind_number(text, *seq, kSent);
  if (!sent || text.substr(*sent, kPayload.size()) != kPayload) return std::nullopt;
  RecordParts parts;
  const char* digits = text.data() + kSeq.size();
  const auto [stop, error] = std::from_chars(digits, text.data() + *seq, parts.seq);
  if (error != std::errc() || stop != text.data() + *seq) return std::nullopt;
  parts.seq_end = *seq + 1;
  parts.payload_begin = *sent + kPayload.size();
  std::size_t at = parts.payload_begin;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2U : 1U;
  if (at + 1 >= text.size() || text[at + 1] != '}') return std::nullopt;
  parts.payload_end = at;
  parts.end = at + 2;
  return parts;
}

void annotate_record(std::string_view json, const RecordParts& parts, std::vector<Span>& out) {
  const std::size_t payload_key = json.rfind(",\"payload\"", parts.payload_begin - 1) + 1;
  out.push_back(text_span("sequence number", json.substr(0, parts.seq_end),
                          "Message " + counted(parts.seq, "of its channel. ", "of its channel. ") +
                              "By the number a reader sees what it lacks and what came twice.",
                          kRecords));
  out.push_back(text_span("time", json.substr(parts.seq_end, payload_key - parts.seq_end),
                          "When it was due to be sent, in microseconds since 1970: the delay is "
                          "measured from here.",
                          kRecords));
  out.push_back(
      text_span("member name", json.substr(payload_key, parts.payload_begin - payload_key),
                "The payload's name and the quotation mark it begins with.", "RFC 8259 4"));
  add_payload(json.substr(parts.payload_begin, parts.payload_end - parts.payload_begin), out);
  out.push_back(text_span("end of record", json.substr(parts.payload_end),
                          "The end of the string and of the object.", "RFC 8259 4"));
}

std::size_t annotate_frame(std::string_view text, std::vector<Span>& out) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  if (text.empty()) return 0;
  const auto opcode = static_cast<websocket::Opcode>(byte(0) & websocket::kOpcodeBits);
  const bool fin = (byte(0) & websocket::kFinBit) != 0;
  out.push_back(bits_span("FIN", fin ? 1 : 0, 1,
                          fin ? "FIN is 1: the message ends with this frame."
                              : "FIN is 0: more frames of the message follow.",
                          1));
  out.push_back(bits_span("RSV", (byte(0) & websocket::kReservedBits) >> 4, 3,
                          "Three bits for extensions: 0 unless one was agreed in the handshake.",
                          0));
  out.push_back(
      bits_span("opcode", byte(0) & websocket::kOpcodeBits, 4, opcode_meaning(opcode), 0));
  if (text.size() < 2) return 1;
  const bool masked = (byte(1) & websocket::kMaskBit) != 0;
  const std::uint8_t short_length = byte(1) & websocket::kLengthBits;
  out.push_back(bits_span("MASK", masked ? 1 : 0, 1,
                          masked ? "MASK is 1: a client's payload is always masked, so that no "
                                   "proxy takes it for a request."
                                 : "MASK is 0: what a server sends is never masked.",
                          1));
  out.push_back(bits_span("length", short_length, 7, length_meaning(short_length), 0));
  text.remove_prefix(2);
  std::size_t taken = 2;
  const auto take = [&](std::size_t size) {
    const std::string_view bytes = text.substr(0, size);
    text.remove_prefix(bytes.size());
    taken += bytes.size();
    return bytes;
  };
  std::uint64_t length = short_length;
  if (const std::size_t more = websocket::length_bytes(short_length); more > 0) {
    const std::string_view bytes = take(more);
    if (bytes.size() < more) {
      if (!bytes.empty()) out.push_back(hex_span("cut", bytes, "The frame is cut here.", kFrames));
      return taken;
    }
    length = websocket::big_endian(bytes);
    out.push_back(bits_span("extended length", length, static_cast<int>(8 * more),
                            "The payload has " + counted(length, "byte", "bytes") +
                                ": a number of " + counted(8 * more, "bit", "bits") +
                                ", the highest first.",
                            more));
  }
  websocket::MaskingKey key{};
  if (masked) {
    const std::string_view bytes = take(key.size());
    if (!bytes.empty()) {
      out.push_back(hex_span("masking key", bytes,
                             "The masking key, four bytes of the client's choosing, new for each "
                             "frame: byte i of the payload is XORed with byte i mod 4 of it.",
                             kMasking));
    }
    if (bytes.size() < key.size()) return taken;
    std::copy(bytes.begin(), bytes.end(), key.begin());
  }
  add_frame_payload(take(static_cast<std::size_t>(std::min<std::uint64_t>(length, text.size()))),
                    opcode, masked ? &key : nullptr, out);
  return taken;
}

std::size_t annotate_chunk(std::string_view text, bool chunked, std::vector<Span>& out) {
  if (!chunked) {
    annotate_lines(text, out);
    return text.size();
  }
  std::uint64_t size = 0;
  const auto [stop, error] =
      std::from_chars(text.data(), text.data() + std::min<std::size_t>(text.size(), 16), size, 16);
  const auto digits = static_cast<std::size_t>(stop - text.data());
  if (error != std::errc() || text.substr(digits, 2) != "\r\n") return 0;
  std::string_view rest = text.substr(digits + 2);
  out.push_back(text_span("chunk size", text.substr(0, digits + 2),
                          size == 0
                              ? "A chunk of 0 bytes is the last: the body ends in order."
                              : "The chunk that follows has " + counted(size, "byte", "bytes") +
                                    "; the number is hexadecimal.",
                          "RFC 9112 7.1"));
  const auto data = static_cast<std::size_t>(std::min<std::uint64_t>(size, rest.size()));
  annotate_lines(rest.substr(0, data), out);
  rest.remove_prefix(data);
  if (rest.starts_with("\r\n")) {
    out.push_back(
        text_span("end of chunk", rest.substr(0, 2), "The end of the chunk.", "RFC 9112 7.1"));
    rest.remove_prefix(2);
  }
  return text.size() - rest.size();
}

std::size_t annotate_batch(std::string_view json, std::uint64_t chosen, std::size_t max_others,
                           std::vector<Span>& out) {
  struct Place {
    std::size_t begin;
    RecordParts parts;
    std::size_t end() const { return begin + parts.end; }
  };
  std::vector<Place> places;
  for (std::size_t at = json.find("{\"seq\":"); at != std::string_view::npos;
       at = json.find("{\"seq\":", at)) {
    const auto parts = record_at(json.substr(at));
    if (!parts) break;
    places.push_back({at, *parts});
    at += parts->end;
  }
  if (places.empty()) {
    if (!json.empty()) {
      out.push_back(text_span("batch", json, "An answer without a message.", kRecords));
    }
    return 0;
  }
  out.push_back(text_span("batch", json.substr(0, places.front().begin),
                          "The answer of a poll: all messages since the one before.", kRecords));
  std::size_t chosen_index = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].parts.seq == chosen) chosen_index = i;
  }
  const std::size_t from = chosen_index - std::min(chosen_index, max_others);
  const std::size_t until = std::min(places.size(), chosen_index + max_others + 1);
  // The sum of those from `first` up to `last`, commas included: their overhead, then their
  // payload.
  const auto sum_up = [&](std::size_t first, std::size_t last) {
    if (first >= last) return;
    const std::size_t begin = first == 0 ? places[0].begin : places[first - 1].end();
    const std::size_t end = places[last - 1].end();
    std::size_t payload = 0;
    for (std::size_t i = first; i < last; ++i) {
      payload += places[i].parts.payload_end - places[i].parts.payload_begin;
    }
    Span span;
    span.kind = "messages";
    span.form = Span::Form::kOmitted;
    span.bytes = "… " + counted(last - first, "more message", "more messages") + " …";
    span.size = end - begin - payload;
    span.meaning = counted(last - first, "message", "messages") +
                   " of the same answer, not shown: " + counted(end - begin, "byte", "bytes") + ".";
    span.source = kRecords;
    out.push_back(span);
    span.overhead = false;
    span.bytes.clear();
    span.size = payload;
    out.push_back(std::move(span));
  };
  sum_up(0, from);
  for (std::size_t i = from; i < until; ++i) {
    if (i > 0) {
      const std::size_t before = places[i - 1].end();
      out.push_back(text_span("comma", json.substr(before, places[i].begin - before),
                              "Between two messages.", "RFC 8259 5"));
    }
    const std::size_t first = out.size();
    annotate_record(json.substr(places[i].begin, places[i].parts.end), places[i].parts, out);
    for (std::size_t j = first; j < out.size(); ++j) out[j].chosen = i == chosen_index;
  }
  sum_up(until, places.size());
  const std::size_t end = places.back().end();
  if (end < json.size()) {
    out.push_back(text_span("end of batch", json.substr(end),
                            "The number to ask after with the next poll.", kRecords));
  }
  return places.size();
}

}  // namespace playground::wire
