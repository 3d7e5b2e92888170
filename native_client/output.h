// Where lines go: standard output, which may be a terminal, a file or a pipe.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace playground::native {

class Output {
 public:
  explicit Output(std::FILE* file);

  // A whole line, without its end; whoever reads a pipe has it at once.
  void line(std::string_view text);
  // On a terminal, a few lines in place of those of the last call, each cut to its width; elsewhere
  // nothing. Lines that are written afterwards come above.
  void show(std::string_view lines);

  bool is_terminal() const { return is_terminal_; }
  // Of the terminal, now; 80 where that is not known.
  std::size_t width() const;
  // Nobody reads any more, or the disk is full: an errno, 0 without one.
  int error() const { return error_; }
  bool failed() const { return error_ != 0; }

 private:
  void write(std::string_view text);
  void flush();
  void clear_shown();

  std::FILE* file_;
  bool is_terminal_;
  int error_ = 0;
  std::string shown_;
};

// How many columns a text takes in which no character is a wide one.
std::size_t columns(std::string_view text);

// Words of a text in lines of at most `width` columns, each after `indent` spaces; with their ends.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

// Bytes that somebody else wrote, in one line: control characters, a backslash and what is not
// UTF-8 are written as \n, \\, \x1b. Beyond `most` bytes of the result it is cut, and ends in "…".
std::string escaped(std::string_view bytes, std::size_t most);

}  // namespace playground::native
