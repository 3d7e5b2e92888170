#include "core/event_stream/batch.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "core/event_stream/scan.h"

namespace playground::event_stream {
namespace {

bool continues_character(char byte) { return (static_cast<std::uint8_t>(byte) & 0xc0) == 0x80; }

// Of a character that begins with it; 1 where nothing more is needed.
std::size_t bytes_of_character(char byte) {
  const auto first = static_cast<std::uint8_t>(byte);
  return first < 0xc0 ? 1 : static_cast<std::size_t>(std::countl_one(first));
}

void make_cut_characters_ascii(char* bytes, std::size_t size) {
  constexpr std::size_t kLongest = 4;
  for (std::size_t i = 0; i < size && i + 1 < kLongest && continues_character(bytes[i]); ++i) {
    bytes[i] = '?';
  }
  std::size_t tail = 1;
  while (tail < size && tail < kLongest && continues_character(bytes[size - tail])) ++tail;
  if (tail > size || bytes_of_character(bytes[size - tail]) <= tail) return;
  std::fill_n(bytes + size - tail, tail, '?');
}

}  // namespace

ParseStatus Batch::read(Parser& parser, std::string& text, std::size_t size) {
  chunk_ = {text.data(), size};
  behind_.clear();
  rows_.clear();
  type_ = {kMessage, 0};
  is_ascii_ = true;
  reconnection_time_ = kNoTime;
  const ParseStatus status = parser.feed(chunk_, *this);
  text_size_ = size + behind_.size();
  if (rows_.empty()) return status;
  if (!behind_.empty()) {
    if (text.size() < text_size_) text.resize(text_size_);
    text.replace(size, behind_.size(), behind_.view());
  }
  is_ascii_ = event_stream::is_ascii({text.data(), text_size_});
  if (!is_ascii_) make_cut_characters_ascii(text.data(), size);
  return status;
}

void Batch::count_in_utf16(const std::string& text) {
  offsets_.set_text({text.data(), text_size_});
  const auto count = [this](Span& span) {
    if (span.begin == kSame || span.begin == kMessage) return;
    span = {offsets_.at(span.begin), offsets_.at(span.end)};
  };
  for (Row& row : rows_) {
    count(row.data);
    count(row.type);
    count(row.last_event_id);
  }
}

void Batch::on_event(const Event& event) {
  rows_.push_back(
      {.data = place(event.data),
       .type = place_type(event.type),
       .last_event_id = event.has_new_id ? place(event.last_event_id) : Span{kSame, 0}});
}

void Batch::on_retry(std::uint64_t milliseconds) {
  reconnection_time_ =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(milliseconds, kNoTime - 1));
}

Batch::Span Batch::place(std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  if (size == 0) return {0, 0};
  // Only std::less may compare addresses of different objects.
  const std::less<const char*> before;
  const char* const chunk_end = chunk_.data() + chunk_.size();
  std::size_t begin = 0;
  if (!before(bytes.data(), chunk_.data()) && before(bytes.data(), chunk_end)) {
    begin = static_cast<std::size_t>(bytes.data() - chunk_.data());
  } else {
    begin = place_behind(bytes);
  }
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin) + size};
}

std::size_t Batch::place_behind(std::string_view bytes) {
  const std::size_t begin = chunk_.size() + behind_.size();
  behind_.append(bytes);
  behind_.append('\n');
  return begin;
}

Batch::Span Batch::place_type(std::string_view type) {
  if (type.size() == 7 && is(type.data(), "message")) {
    type_ = {kMessage, 0};
    return type_;
  }
  if (type_.begin != kMessage && type == placed(type_)) return {kSame, 0};
  type_ = place(type);
  return type_;
}

std::string_view Batch::placed(Span span) const {
  const bool in_chunk = span.begin < chunk_.size();
  const std::string_view text = in_chunk ? chunk_ : behind_.view();
  return text.substr(span.begin - (in_chunk ? 0 : chunk_.size()), span.end - span.begin);
}

}  // namespace playground::event_stream
