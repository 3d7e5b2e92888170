// Bytes that are gathered again and again: what std::string does, inline, and without keeping a NUL
// after them.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace playground::event_stream {

class Bytes {
 public:
  void clear() { size_ = 0; }
  void append(char byte) { append(std::string_view(&byte, 1)); }
  // `bytes` must not belong to this object.
  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    const std::size_t end = size_ + bytes.size();
    if (end > room_.size()) room_.resize(2 * end);
    std::memcpy(room_.data() + size_, bytes.data(), bytes.size());
    size_ = end;
  }
  void assign(std::string_view bytes) {
    clear();
    append(bytes);
  }
  void swap(Bytes& other) {
    room_.swap(other.room_);
    std::swap(size_, other.size_);
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::string_view view() const { return {room_.data(), size_}; }

 private:
  std::vector<char> room_;  // the first `size_` of them
  std::size_t size_ = 0;
};

}  // namespace playground::event_stream
