// The event-stream parser beside a plain reading of WHATWG HTML 9.2.6 over the whole text.
#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "core/event_stream/batch.h"
#include "core/event_stream/encoder.h"
#include "core/event_stream/parser.h"
#include "tests/fuzz/support.h"

namespace playground::event_stream {
namespace {

struct Happening {
  std::string type = {};  // of an event
  std::string data = {};
  std::string id = {};
  std::uint64_t retry = 0;
  bool is_event = false;

  bool operator==(const Happening&) const = default;
};

struct Reading {
  std::vector<Happening> happenings;
  std::string last_event_id;

  bool operator==(const Reading&) const = default;
};

class Recorder final : public ParserEvents {
 public:
  void on_event(const Event& event) override {
    happenings.push_back({std::string(event.type), std::string(event.data),
                          std::string(event.last_event_id), 0, true});
  }
  void on_retry(std::uint64_t milliseconds) override {
    happenings.push_back({"", "", "", milliseconds, false});
  }

  std::vector<Happening> happenings;
};

Reading parsed(const std::vector<std::string_view>& pieces) {
  Parser parser;
  Recorder recorder;
  for (const std::string_view piece : pieces) {
    // A copy of its own, so that a view that outlives its bytes is found.
    const std::string bytes(piece);
    fuzz::demand(parser.feed(bytes, recorder) == ParseStatus::kOk, "nothing is too large");
  }
  return {recorder.happenings, std::string(parser.last_event_id())};
}

// The events as JavaScript takes them out of batches.
std::vector<Happening> batched(const std::vector<std::string_view>& pieces) {
  Parser parser;
  Batch batch;
  std::string text;
  std::vector<Happening> events;
  Happening event = {.is_event = true};
  for (const std::string_view piece : pieces) {
    if (text.size() < piece.size()) text.resize(piece.size());
    text.replace(0, piece.size(), piece);
    fuzz::demand(batch.read(parser, text, piece.size()) == ParseStatus::kOk,
                 "nothing is too large");
    const auto cut = [&](Batch::Span span) {
      return text.substr(span.begin, span.end - span.begin);
    };
    for (const Batch::Row& row : batch.rows()) {
      event.data = cut(row.data);
      if (row.type.begin == Batch::kMessage) {
        event.type = "message";
      } else if (row.type.begin != Batch::kSame) {
        event.type = cut(row.type);
      }
      if (row.last_event_id.begin != Batch::kSame) event.id = cut(row.last_event_id);
      events.push_back(event);
    }
    batch.count_in_utf16(text);  // Of bytes that are not UTF-8 it makes nonsense, in bounds.
  }
  return events;
}

std::vector<Happening> events_of(const Reading& reading) {
  std::vector<Happening> events;
  std::copy_if(reading.happenings.begin(), reading.happenings.end(), std::back_inserter(events),
               [](const Happening& each) { return each.is_event; });
  return events;
}

// The lines that are ended: by CR LF, LF or CR.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' && text[i] != '\n') {
      line += text[i];
      continue;
    }
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    lines.push_back(line);
    line.clear();
  }
  return lines;
}

// Step by step as 9.2.6 has it, with its names.
Reading reference(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Reading reading;
  std::string data;
  std::string event_type;
  std::string last_event_id_buffer;
  for (const std::string& line : lines_of(text)) {
    if (line.empty()) {
      reading.last_event_id = last_event_id_buffer;
      if (!data.empty()) {
        if (data.back() == '\n') data.pop_back();
        reading.happenings.push_back(
            {event_type.empty() ? "message" : event_type, data, reading.last_event_id, 0, true});
      }
      data.clear();
      event_type.clear();
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == 0) continue;
    const std::string field = line.substr(0, colon);
    std::string value = colon == std::string::npos ? "" : line.substr(colon + 1);
    if (!value.empty() && value.front() == ' ') value.erase(0, 1);
    if (field == "event") {
      event_type = value;
    } else if (field == "data") {
      data += value + "\n";
    } else if (field == "id") {
      if (value.find('\0') == std::string::npos) last_event_id_buffer = value;
    } else if (field == "retry") {
      if (value.empty() || value.find_first_not_of("0123456789") != value.npos) continue;
      std::uint64_t number = 0;
      const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
      // Ours: what is over 64 bits is the largest number.
      if (read.ec == std::errc::result_out_of_range) number = UINT64_MAX;
      reading.happenings.push_back({"", "", "", number, false});
    }
  }
  return reading;
}

// What was read and is written again is read as the same events.
void write_again(const Reading& reading) {
  std::string text;
  const std::vector<Happening> events = events_of(reading);
  for (const Happening& each : events) {
    encode({.type = each.type, .data = each.data, .id = each.id}, text);
  }
  fuzz::demand(parsed({text}).happenings == events, "events written again are the same");
}

}  // namespace
}  // namespace playground::event_stream

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace playground;
  const std::string_view text = fuzz::as_text(data, size);
  const auto reading = fuzz::same_for_every_cut(text, event_stream::parsed);
  fuzz::demand(reading == event_stream::reference(text), "the parser reads what 9.2.6 says");
  fuzz::demand(
      fuzz::same_for_every_cut(text, event_stream::batched) == event_stream::events_of(reading),
      "batches hold the same events");
  event_stream::write_again(reading);
  return 0;
}
