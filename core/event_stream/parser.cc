#include "core/event_stream/parser.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/event_stream/scan.h"

namespace playground::event_stream {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// 9.2.5: one space after the colon does not belong to the value.
std::string_view without_space(std::string_view value) {
  if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  return value;
}

}  // namespace

// 9.2.5: one leading byte order mark is dropped. It may come in pieces; what only looked like the
// beginning of one belongs to the first line.
void Parser::skip_byte_order_mark(std::string_view& bytes) {
  while (!begun_ && !bytes.empty()) {
    if (bytes.front() == kByteOrderMark[bom_bytes_]) {
      ++bom_bytes_;
      bytes.remove_prefix(1);
      begun_ = bom_bytes_ == kByteOrderMark.size();
    } else {
      carry_.assign(kByteOrderMark.substr(0, bom_bytes_));
      begun_ = true;
    }
  }
}

void Parser::reset() {
  const bool told = is_id_told_;
  *this = Parser(last_event_id());
  is_id_told_ = told;
}

// Lines are short: whatever is called for each of them, instead of being part of the loop, takes
// most of the time.
[[gnu::always_inline]] inline void Parser::take_line(std::string_view line, ParserEvents& events) {
  if (line.empty()) return dispatch(events);
  // Nearly every line is one of these two, and is known without a search for its colon.
  if (line.size() >= 5 && is(line.data(), "data:")) {
    return append_data(without_space(line.substr(5)));
  }
  if (line.size() >= 3 && line[0] == 'i' && line[1] == 'd' && line[2] == ':') {
    return take_id(without_space(line.substr(3)));
  }
  const std::size_t colon = line.find(':');
  if (colon == 0) return events.on_comment(without_space(line.substr(1)));
  if (colon == std::string_view::npos) return take_field(line, {}, events);
  take_field(line.substr(0, colon), without_space(line.substr(colon + 1)), events);
}

void Parser::take_field(std::string_view name, std::string_view value, ParserEvents& events) {
  if (name == "data") {
    append_data(value);
  } else if (name == "event") {
    type_.borrow(value);
    has_type_ = !value.empty();
  } else if (name == "id") {
    take_id(value);
  } else if (name == "retry") {
    const bool digits = !value.empty() && std::all_of(value.begin(), value.end(),
                                                      [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return;
    // What 64 bits cannot hold is a wait without end.
    std::uint64_t milliseconds = std::numeric_limits<std::uint64_t>::max();
    std::from_chars(value.data(), value.data() + value.size(), milliseconds);
    events.on_retry(milliseconds);
  }
}

[[gnu::always_inline]] inline void Parser::take_id(std::string_view value) {
  if (has_nul(value)) return;
  id_buffer_.borrow(value);
  has_new_id_ = true;
}

void Parser::append_data(std::string_view value) {
  if (!has_data_) {
    has_data_ = true;
    data_.borrow(value);
    return;
  }
  Bytes& data = data_.keep();
  if (data.size() + 1 + value.size() > kMaxEventBytes) {
    status_ = ParseStatus::kTooLarge;
    return;
  }
  data.append('\n');
  data.append(value);
}

void Parser::keep_texts() {
  data_.keep();
  type_.keep();
  id_buffer_.keep();
  last_event_id_.keep();
}

[[gnu::always_inline]] inline void Parser::dispatch(ParserEvents& events) {
  if (has_new_id_) {
    last_event_id_.take(id_buffer_);
    has_new_id_ = false;
    is_id_told_ = false;
  }
  // 9.2.6: an event whose data buffer is empty is not dispatched. A single empty `data` line makes
  // a buffer of one LF, which is then stripped: that event is dispatched with empty data.
  if (has_data_) {
    events.on_event({.type = has_type_ ? type_.get() : "message",
                     .data = data_.get(),
                     .last_event_id = last_event_id_.get(),
                     .has_new_id = !is_id_told_});
    is_id_told_ = true;
    data_.forget();
    has_data_ = false;
  }
  type_.forget();
  has_type_ = false;
}

ParseStatus Parser::feed(std::string_view bytes, ParserEvents& events) {
  if (!begun_) skip_byte_order_mark(bytes);
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  if (after_cr_ && at != end) {
    after_cr_ = false;
    if (*at == '\n') ++at;
  }
  while (status_ == ParseStatus::kOk && at != end) {
    const char* const line_end = find_line_end(at, end);
    const std::string_view part = between(at, line_end);
    if (part.size() + carry_.size() > kMaxEventBytes) {
      status_ = ParseStatus::kTooLarge;
      break;
    }
    if (line_end == end) {
      carry_.append(part);
      break;
    }
    if (carry_.empty()) {
      take_line(part, events);
    } else {
      carry_.append(part);
      take_line(carry_.view(), events);
      keep_texts();
      carry_.clear();
    }
    at = line_end + 1;
    if (*line_end == '\n') continue;
    if (at == end) {
      after_cr_ = true;
    } else if (*at == '\n') {
      ++at;
    }
  }
  keep_texts();
  return status_;
}

}  // namespace playground::event_stream
