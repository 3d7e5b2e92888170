#include "core/wire/explain.h"

#include <algorithm>
#include <utility>

#include "core/field_text.h"
#include "core/transport.h"
#include "core/websocket/format.h"
#include "core/wire/body.h"

namespace playground::wire {
namespace {

// How many messages of an answer are shown on either side of the chosen one.
constexpr std::size_t kOthers = 2;
// A span never has more to show; a payload may be 64 KiB.
constexpr std::size_t kMaxShown = 2048;
// FIN, and the opcode of a text message.
constexpr char kTextFrame = '\x81';
// The most frames or chunks of a connection that are taken apart.
constexpr std::size_t kMaxUnits = 40;

// Written or read without a gap.
struct Stretch {
  bool inbound;
  std::int64_t at_us;
  std::string bytes;
};

std::vector<Stretch> stretches_of(const std::vector<Part>& parts) {
  std::vector<Stretch> stretches;
  for (const Part& part : parts) {
    const bool goes_on =
        !stretches.empty() && part.skipped == 0 && stretches.back().inbound == part.inbound;
    if (goes_on) {
      stretches.back().bytes += part.bytes;
    } else {
      stretches.push_back({part.inbound, part.at_us, part.bytes});
    }
  }
  return stretches;
}

bool is_request(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  return line.find(" HTTP/1.") != std::string_view::npos;
}

Carrier carrier_of(std::string_view head) {
  if (head.substr(0, 13).ends_with(" 101 ")) return Carrier::kWebSocket;
  if (const ServedInfo* stream = find_stream(find_field(head, "Content-Type"))) {
    return stream == &info(Served::kEventStream) ? Carrier::kEventStream : Carrier::kLines;
  }
  return head.empty() ? Carrier::kUnknown : Carrier::kAnswer;
}

// Where the response's head is lost, the bytes around the record tell which it is.
Carrier carrier_around(std::string_view text, std::size_t record) {
  const std::string_view before = text.substr(0, record);
  if (before.ends_with("data: ")) return Carrier::kEventStream;
  if (before.empty() || before.ends_with("\n")) return Carrier::kLines;
  return Carrier::kWebSocket;
}

// Where the frame begins whose payload is the record at `record`.
std::size_t frame_begin(std::string_view text, std::size_t record) {
  const auto parts = record_at(text.substr(record));
  for (const std::size_t header : {std::size_t{2}, std::size_t{4}, std::size_t{10}}) {
    if (record < header) break;
    const std::string_view bytes = text.substr(record - header, header);
    const auto short_length = static_cast<std::uint8_t>(bytes[1]);
    const bool masked = (short_length & websocket::kMaskBit) != 0;
    if (masked || 2 + websocket::length_bytes(short_length) != header) continue;
    const std::uint64_t length =
        header == 2 ? short_length : websocket::big_endian(bytes.substr(2));
    if (bytes[0] == kTextFrame && (!parts || length == parts->end)) return record - header;
  }
  return record;
}

// Where the chunk begins that holds the record, or, without chunks, the event or the line.
std::size_t chunk_begin(std::string_view text, std::size_t record, bool chunked, bool event) {
  if (!chunked) {
    const std::size_t end = text.substr(0, record).rfind(event ? "\n\n" : "\n");
    return end == std::string_view::npos ? 0 : end + (event ? 2 : 1);
  }
  const std::size_t line_end = text.substr(0, record).rfind("\r\n");
  if (line_end == std::string_view::npos) return record;
  std::size_t begin = line_end;
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  while (begin > 0 && is_digit(text[begin - 1])) --begin;
  return begin == line_end ? record : begin;
}

void shorten(std::vector<Span>& spans) {
  for (Span& span : spans) {
    if (span.form == Span::Form::kBits || span.bytes.size() <= kMaxShown) continue;
    std::size_t end = kMaxShown;
    while (end > 0 && (static_cast<std::uint8_t>(span.bytes[end]) & 0xc0) == 0x80) --end;
    span.bytes.resize(end);
    if (span.form == Span::Form::kText) span.bytes += "…";
  }
}

// Frames or chunks one after another, from the first byte on; anything else is shown as it is.
std::vector<Span> annotate_units(std::string_view text, Carrier carrier, bool chunked) {
  std::vector<Span> spans;
  for (std::size_t units = 0; !text.empty(); ++units) {
    std::size_t taken = 0;
    if (units < kMaxUnits) {
      if (carrier == Carrier::kWebSocket) {
        taken = annotate_frame(text, spans);
      } else if (carrier != Carrier::kAnswer) {
        taken = annotate_chunk(text, chunked, spans);
      } else {
        annotate_batch(text, 0, kOthers, spans);
        taken = text.size();
      }
    }
    if (taken == 0) {
      Span span = text_span("bytes", text, "More of the same connection.", "");
      span.form = Span::Form::kOmitted;
      span.bytes = "… " + std::to_string(text.size()) + " more bytes";
      spans.push_back(std::move(span));
      break;
    }
    text.remove_prefix(taken);
  }
  return spans;
}

// The record in its frame, its chunk or its line.
std::vector<Span> annotate_unit(std::string_view text, std::size_t record, Carrier carrier,
                                bool chunked) {
  std::vector<Span> spans;
  if (carrier == Carrier::kWebSocket) {
    const std::size_t begin = frame_begin(text, record);
    if (begin < record) {
      annotate_frame(text.substr(begin), spans);
      return spans;
    }
  } else {
    const bool event = carrier == Carrier::kEventStream;
    const std::size_t begin = chunk_begin(text, record, chunked, event);
    std::string_view unit = text.substr(begin);
    if (!chunked) {
      const std::string_view end = event ? "\n\n" : "\n";
      unit = unit.substr(
          0, std::min(unit.find(end, record - begin), unit.size() - end.size()) + end.size());
    }
    if (annotate_chunk(unit, chunked, spans) > 0) return spans;
  }
  if (const auto parts = record_at(text.substr(record))) {
    annotate_record(text.substr(record, parts->end), *parts, spans);
  } else {
    spans.push_back(text_span("record", text.substr(record), "The message, cut.", ""));
  }
  return spans;
}

std::string_view title_of(Carrier carrier, bool chunked) {
  if (carrier == Carrier::kEventStream) return chunked ? "One event in one chunk" : "One event";
  if (carrier == Carrier::kLines) return chunked ? "One line in one chunk" : "One line";
  return carrier == Carrier::kWebSocket ? "One frame" : "Answer’s body";
}

class Explainer {
 public:
  Explainer(const std::vector<Part>& parts, std::optional<std::uint64_t> seq)
      : stretches_(stretches_of(parts)), seq_(seq) {}

  Explanation take() {
    for (Stretch& stretch : stretches_) {
      if (stretch.inbound) {
        inbound(stretch);
      } else {
        outbound(stretch);
      }
    }
    if (result_.carrier == Carrier::kAnswer && result_.messages > 0) {
      result_.message = result_.connection;
    }
    for (auto* blocks : {&result_.message, &result_.connection}) {
      for (Block& block : *blocks) shorten(block.spans);
    }
    for (const Block& block : result_.message) {
      for (const Span& span : block.spans) {
        result_.bytes += span.size;
        if (span.overhead) result_.overhead += span.size;
      }
    }
    return std::move(result_);
  }

 private:
  void inbound(const Stretch& stretch) {
    std::string_view bytes = stretch.bytes;
    if (!upgraded_ && is_request(bytes)) {
      const std::size_t head = head_size(bytes);
      add("Request", stretch, annotate_head(bytes.substr(0, head), true));
      bytes.remove_prefix(head);
      answered_ = false;
    }
    if (bytes.empty()) return;
    if (upgraded_) {
      add("Frames", stretch, annotate_units(bytes, Carrier::kWebSocket, false));
    } else {
      add("Request’s body", stretch,
          {text_span("body", bytes, "The body of the request.", "RFC 9112 6")});
    }
  }

  void outbound(const Stretch& stretch) {
    std::string_view bytes = stretch.bytes;
    // Before the answer there may be interim ones (RFC 9110 15.2).
    while (!answered_ && bytes.starts_with("HTTP/1.")) {
      const std::string_view head = bytes.substr(0, head_size(bytes));
      add("Response’s head", stretch, annotate_head(head, false));
      bytes.remove_prefix(head.size());
      const std::string_view status = head.substr(std::min<std::size_t>(head.size(), 9), 3);
      const bool interim = status.starts_with('1') && status != "101";
      answered_ = !interim;
      if (interim) continue;
      result_.carrier = carrier_of(head);
      upgraded_ = result_.carrier == Carrier::kWebSocket;
      chunked_ = find_field(head, "Transfer-Encoding") == "chunked";
      head_known_ = true;
    }
    if (bytes.empty()) return;
    if (!seq_) {
      const Carrier carrier = head_known_ ? result_.carrier : Carrier::kUnknown;
      add(carrier == Carrier::kWebSocket ? "Frames" : "Body", stretch,
          annotate_units(bytes, carrier, chunked_ || !head_known_));
      return;
    }
    const std::size_t record = bytes.find("{\"seq\":" + std::to_string(*seq_) + ",");
    if (record == std::string_view::npos) return;
    if (!head_known_) {
      result_.carrier = carrier_around(bytes, record);
      chunked_ = bytes.substr(0, record).find("\r\n") != std::string_view::npos;
    }
    if (result_.carrier == Carrier::kAnswer) {
      std::vector<Span> spans;
      result_.messages = annotate_batch(bytes, *seq_, kOthers, spans);
      add(title_of(result_.carrier, false), stretch, std::move(spans));
    } else if (result_.messages == 0) {
      result_.messages = 1;
      auto spans = annotate_unit(bytes, record, result_.carrier, chunked_);
      for (Span& span : spans) span.chosen = true;
      result_.message.push_back(
          {title_of(result_.carrier, chunked_), false, stretch.at_us, std::move(spans)});
    }
  }

  void add(std::string_view title, const Stretch& stretch, std::vector<Span> spans) {
    result_.connection.push_back({title, stretch.inbound, stretch.at_us, std::move(spans)});
  }

  std::vector<Stretch> stretches_;
  std::optional<std::uint64_t> seq_;
  Explanation result_;
  bool answered_ = false;
  bool upgraded_ = false;
  bool chunked_ = false;
  bool head_known_ = false;
};

}  // namespace

Explanation explain(const std::vector<Part>& parts, std::optional<std::uint64_t> seq) {
  return Explainer(parts, seq).take();
}

}  // namespace playground::wire
