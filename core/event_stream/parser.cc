#include "core/event_stream/parser.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace playground::event_stream {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// The first CR or LF. Streams with CR are rare, so that LF is looked for first and CR only before
// it.
std::size_t find_line_end(std::string_view bytes) {
  const void* lf = std::memchr(bytes.data(), '\n', bytes.size());
  const std::size_t limit =
      lf == nullptr ? bytes.size()
                    : static_cast<std::size_t>(static_cast<const char*>(lf) - bytes.data());
  const void* cr = std::memchr(bytes.data(), '\r', limit);
  if (cr != nullptr) return static_cast<std::size_t>(static_cast<const char*>(cr) - bytes.data());
  return lf == nullptr ? std::string_view::npos : limit;
}

}  // namespace

ParseStatus Parser::feed(std::string_view bytes, ParserEvents& events) {
  // 9.2.5: one leading byte order mark is dropped. It may come in pieces; what only looked like the
  // beginning of one belongs to the first line.
  while (!begun_ && !bytes.empty()) {
    if (bytes.front() == kByteOrderMark[bom_bytes_]) {
      ++bom_bytes_;
      bytes.remove_prefix(1);
      begun_ = bom_bytes_ == kByteOrderMark.size();
    } else {
      carry_ = kByteOrderMark.substr(0, bom_bytes_);
      begun_ = true;
    }
  }
  while (status_ == ParseStatus::kOk && !bytes.empty()) {
    if (after_cr_) {
      after_cr_ = false;
      if (bytes.front() == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
    }
    const std::size_t end = find_line_end(bytes);
    if (std::min(end, bytes.size()) + carry_.size() > kMaxEventBytes) {
      status_ = ParseStatus::kTooLarge;
      break;
    }
    if (end == std::string_view::npos) {
      carry_ += bytes;
      break;
    }
    after_cr_ = bytes[end] == '\r';
    const std::string_view part = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (carry_.empty()) {
      take_line(part, events);
    } else {
      carry_ += part;
      take_line(carry_, events);
      own_data();
      carry_.clear();
    }
  }
  own_data();
  return status_;
}

void Parser::reset() { *this = Parser(last_event_id_); }

void Parser::take_line(std::string_view line, ParserEvents& events) {
  if (line.empty()) return dispatch(events);
  const std::size_t colon = line.find(':');
  if (colon == 0) return;  // a comment
  if (colon == std::string_view::npos) return take_field(line, {}, events);
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value, events);
}

void Parser::take_field(std::string_view name, std::string_view value, ParserEvents& events) {
  if (name == "data") {
    append_data(value);
  } else if (name == "event") {
    type_ = value;
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_buffer_ = value;
  } else if (name == "retry") {
    std::uint64_t milliseconds = 0;
    const char* const end = value.data() + value.size();
    const bool digits = !value.empty() && std::all_of(value.begin(), value.end(),
                                                      [](char c) { return c >= '0' && c <= '9'; });
    // A number too large for 64 bits is a wait without end; it is left out like one that is none.
    if (digits && std::from_chars(value.data(), end, milliseconds).ec == std::errc()) {
      events.on_retry(milliseconds);
    }
  }
}

void Parser::append_data(std::string_view value) {
  if (!has_data_) {
    has_data_ = true;
    data_view_ = value;
    return;
  }
  own_data();
  if (data_.size() + 1 + value.size() > kMaxEventBytes) {
    status_ = ParseStatus::kTooLarge;
    return;
  }
  data_ += '\n';
  data_ += value;
}

void Parser::own_data() {
  if (data_view_.data() == nullptr) return;
  data_ = data_view_;
  data_view_ = {};
}

void Parser::dispatch(ParserEvents& events) {
  last_event_id_ = id_buffer_;
  const std::string_view data = data_view_.data() == nullptr ? std::string_view(data_) : data_view_;
  // 9.2.6: an event whose data buffer is empty is not dispatched. A single empty `data` line makes
  // a buffer of one LF, which is then stripped: that event is dispatched with empty data.
  if (has_data_)
    events.on_event({type_.empty() ? "message" : std::string_view(type_), data, last_event_id_});
  data_view_ = {};
  data_.clear();
  has_data_ = false;
  type_.clear();
}

}  // namespace playground::event_stream
