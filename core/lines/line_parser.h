// Cuts a stream of bytes into lines ending in LF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace playground::lines {

class LineParser {
 public:
  static constexpr std::size_t kMaxLineBytes = 1 << 20;

  // Calls `on_line(std::string_view)` for each whole line, without its LF or CRLF; blank lines are
  // left out. The view lives until `on_line` returns. False once a line is longer than
  // kMaxLineBytes; what follows is ignored until reset().
  template <typename OnLine>
  bool feed(std::string_view bytes, OnLine&& on_line) {
    while (!overflowed_) {
      const std::size_t end = bytes.find('\n');
      if (end == std::string_view::npos || end + carry_.size() > kMaxLineBytes) {
        overflowed_ = bytes.size() + carry_.size() > kMaxLineBytes;
        if (!overflowed_) carry_ += bytes;
        break;
      }
      std::string_view line = bytes.substr(0, end);
      bytes.remove_prefix(end + 1);
      if (!carry_.empty()) line = carry_ += line;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (!line.empty()) on_line(line);
      carry_.clear();
    }
    return !overflowed_;
  }

  // The line that is not whole yet; empty after an overflow.
  std::string_view rest() const { return carry_; }
  void reset() { *this = LineParser(); }

 private:
  std::string carry_;
  bool overflowed_ = false;
};

}  // namespace playground::lines
