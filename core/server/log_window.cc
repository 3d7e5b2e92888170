#include "core/server/log_window.h"

#include <utility>

#include "core/event_stream/encoder.h"
#include "core/json_text.h"
#include "core/record.h"
#include "core/websocket/frame.h"

namespace playground::server {

LogWindow::LogWindow(std::size_t max_messages, std::size_t max_payload_bytes, std::string epoch,
                     std::uint64_t last)
    : max_messages_(max_messages),
      max_payload_bytes_(max_payload_bytes),
      epoch_(std::move(epoch)),
      last_(last) {}

std::uint64_t LogWindow::append(std::int64_t sent_us, std::string_view payload) {
  std::string line;
  encode(Message{last_ + 1, sent_us, std::string(payload)}, line);
  line += '\n';
  Entry entry{sent_us, payload.size(), {}, {}, {}};
  append_chunk(line, entry.line);

  entries_.push_back(std::move(entry));
  payload_bytes_ += payload.size();
  ++last_;
  while (entries_.size() > 1 &&
         (entries_.size() > max_messages_ || payload_bytes_ > max_payload_bytes_)) {
    payload_bytes_ -= entries_.front().payload_bytes;
    entries_.pop_front();
  }
  return last_;
}

void LogWindow::forget() {
  entries_.clear();
  payload_bytes_ = 0;
}

void LogWindow::skip(std::uint64_t last) {
  forget();
  last_ = last;
}

void LogWindow::begin_anew(std::string epoch) {
  skip(0);
  epoch_ = std::move(epoch);
}

std::string_view LogWindow::json(std::uint64_t seq) const {
  std::string_view line = inside_chunk(entry(seq).line);
  line.remove_suffix(1);
  return line;
}

std::string_view LogWindow::encoded(std::uint64_t seq, WireFormat format) {
  Entry& entry = entries_[static_cast<std::size_t>(seq - first())];
  const Served as = served(format);
  if (as == Served::kWebSocket) {
    if (entry.frame.empty()) {
      websocket::encode_frame(websocket::Opcode::kText, json(seq), entry.frame);
    }
    return entry.frame;
  }
  if (as == Served::kEventStream && entry.event_stream.empty()) {
    std::string id;
    append_number(seq, id);
    if (!epoch_.empty()) id.append("-").append(epoch_);
    std::string event;
    event_stream::encode({.type = {}, .data = json(seq), .id = id}, event);
    append_chunk(event, entry.event_stream);
  }
  const std::string& chunk = as == Served::kEventStream ? entry.event_stream : entry.line;
  return is_chunked(format) ? std::string_view(chunk) : inside_chunk(chunk);
}

}  // namespace playground::server
