#include "core/event_stream/batch.h"

#include <algorithm>

#include "core/event_stream/scan.h"
#include "core/event_stream/utf16_length.h"

namespace playground::event_stream {

void Batch::begin() {
  text_size_ = 0;
  rows_.clear();
  is_ascii_ = true;
  reconnection_time_ = kNoTime;
}

void Batch::on_event(const Event& event) {
  Row row = {};
  row.data = append(event.data);
  row.type = append_unless_same(event.type, type_);
  row.last_event_id = append_unless_same(event.last_event_id, last_event_id_);
  rows_.push_back(row);
}

void Batch::on_retry(std::uint64_t milliseconds) {
  reconnection_time_ =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(milliseconds, kNoTime - 1));
}

std::uint32_t Batch::append(std::string_view bytes) {
  const std::size_t end = text_size_ + bytes.size();
  if (end >= text_.size()) text_.resize(2 * end + 1);
  const bool ascii = copy_is_ascii(text_.data() + text_size_, bytes.data(), bytes.size());
  text_[end] = '\n';
  text_size_ = end + 1;
  if (ascii) return static_cast<std::uint32_t>(bytes.size());
  is_ascii_ = false;
  return utf16_length(bytes);
}

std::uint32_t Batch::append_unless_same(std::string_view bytes, std::string& before) {
  if (!rows_.empty() && bytes == before) return kSame;
  before = bytes;
  return append(bytes);
}

}  // namespace playground::event_stream
