#include "native_client/output.h"

#include <algorithm>
#include <cerrno>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/utf8.h"

namespace playground::native {
namespace {

// How many bytes the character at the beginning takes; 0 where it is not UTF-8.
std::size_t character_size(std::string_view text) {
  for (std::size_t size = 1; size <= std::min<std::size_t>(4, text.size()); ++size) {
    if (is_utf8(text.substr(0, size))) return size;
  }
  return 0;
}

// C1 control characters (U+0080 to U+009F) are such to a terminal as well.
bool is_c1(std::string_view character) {
  return character.size() == 2 && character[0] == '\xc2' &&
         static_cast<unsigned char>(character[1]) < 0xa0;
}

std::string escaped_byte(char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\\':
      return "\\\\";
    default:
      const auto byte = static_cast<unsigned char>(c);
      return {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  }
}

// A line that is wider than the terminal would take two, and the next redraw would miss one.
std::string cut_to_width(std::string_view lines, std::size_t width) {
  std::string out;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    while (columns(line) > width) {
      do line.remove_suffix(1);
      while (!is_utf8(line));
    }
    out.append(line).append("\n");
  }
  return out;
}

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  const std::string space(indent, ' ');
  std::string out;
  std::string line;
  const auto end_line = [&] {
    if (!line.empty()) out += space + line + "\n";
    line.clear();
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    const bool breaks = end < text.size() && text[end] == '\n';
    if (!line.empty() && indent + columns(line) + 1 + columns(word) > width) end_line();
    if (!word.empty()) line += (line.empty() ? "" : " ") + std::string(word);
    if (breaks) end_line();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  end_line();
  return out;
}

std::string escaped(std::string_view bytes, std::size_t most) {
  std::string out;
  while (!bytes.empty()) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    const std::size_t size = character_size(bytes);
    std::string next;
    if (size == 0 || byte < 0x20 || byte == 0x7f || byte == '\\') {
      next = escaped_byte(bytes.front());
      bytes.remove_prefix(1);
    } else if (is_c1(bytes.substr(0, size))) {
      next = escaped_byte(bytes[0]) + escaped_byte(bytes[1]);
      bytes.remove_prefix(size);
    } else {
      next = bytes.substr(0, size);
      bytes.remove_prefix(size);
    }
    if (out.size() + next.size() > most) return out + "…";
    out += next;
  }
  return out;
}

Output::Output(std::FILE* file) : file_(file), is_terminal_(isatty(fileno(file)) == 1) {}

std::size_t Output::width() const {
  winsize size{};
  const bool known = is_terminal_ && ioctl(fileno(file_), TIOCGWINSZ, &size) == 0;
  return known && size.ws_col > 0 ? size.ws_col : 80;
}

void Output::write(std::string_view text) {
  if (failed()) return;
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) error_ = errno;
}

void Output::flush() {
  if (!failed() && std::fflush(file_) != 0) error_ = errno;
}

void Output::clear_shown() {
  const auto lines = std::count(shown_.begin(), shown_.end(), '\n');
  shown_.clear();
  // ECMA-48 8.3.22, 8.3.39: up so many lines, and erase from there to the end of the screen.
  if (lines > 0) write("\x1b[" + std::to_string(lines) + "F\x1b[J");
}

void Output::line(std::string_view text) {
  const std::string below = shown_;
  clear_shown();
  write(std::string(text) + "\n" + below);
  shown_ = below;
  flush();
}

void Output::show(std::string_view lines) {
  if (!is_terminal_) return;
  const std::string cut = cut_to_width(lines, width());
  if (cut == shown_) return;
  clear_shown();
  write(cut);
  shown_ = cut;
  flush();
}

}  // namespace playground::native
