// Cuts an event stream at its line ends (WHATWG HTML 9.2.6: CR, LF, CRLF), so that comments, which
// a parser drops, are seen in their place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace playground::native {

class StreamLines {
 public:
  // More of a comment is not kept.
  static constexpr std::size_t kMaxCommentBytes = 64 * 1024;

  // Calls `on_part` with each piece of `bytes` that ends a line, or with the rest, and then
  // `on_comment` with the comment (without its colon and one space) that the piece has ended.
  // All pieces together are `bytes`.
  template <typename OnPart, typename OnComment>
  void feed(std::string_view bytes, OnPart&& on_part, OnComment&& on_comment) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find_first_of("\r\n");
      const std::string_view line = bytes.substr(0, end);
      take(line);
      if (end == bytes.npos) return on_part(bytes);
      on_part(bytes.substr(0, end + 1));
      // The LF of a CRLF ends no line of its own.
      const bool ends_line = !(bytes[end] == '\n' && after_cr_ && line.empty());
      after_cr_ = bytes[end] == '\r';
      bytes.remove_prefix(end + 1);
      if (!ends_line) continue;
      if (is_comment_) on_comment(std::string_view(comment_));
      begin_line();
    }
  }

  // A new stream begins.
  void reset() { *this = StreamLines(); }

 private:
  void take(std::string_view part) {
    if (part.empty()) return;
    after_cr_ = false;
    // 9.2.6: one byte order mark may stand before everything.
    for (; !part.empty() && bom_ < 3; part.remove_prefix(1)) {
      if (part.front() != "\xef\xbb\xbf"[bom_]) {
        bom_ = 3;
        break;
      }
      ++bom_;
    }
    if (part.empty()) return;
    if (!begun_) {
      begun_ = true;
      is_comment_ = part.front() == ':';
      if (is_comment_) part.remove_prefix(1);
    }
    if (!is_comment_) return;
    if (first_of_comment_ && !part.empty()) {
      first_of_comment_ = false;
      if (part.front() == ' ') part.remove_prefix(1);
    }
    comment_ += part.substr(0, kMaxCommentBytes - comment_.size());
  }
  void begin_line() {
    bom_ = 3;
    begun_ = false;
    is_comment_ = false;
    first_of_comment_ = true;
    comment_.clear();
  }

  std::string comment_;
  std::size_t bom_ = 0;  // bytes of it, seen so far
  bool begun_ = false;   // the line has a byte
  bool is_comment_ = false;
  bool first_of_comment_ = true;
  bool after_cr_ = false;
};

}  // namespace playground::native
