#include "core/http/response_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/field_text.h"
#include "core/http/message.h"

namespace playground::http {
namespace {

// False if it is not a whole number of that base.
bool read_size(std::string_view text, int base, std::uint64_t& size) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), size, base);
  return error == std::errc() && stop == text.data() + text.size();
}

// Where the head ends in `text`, its blank line included: lines end in CRLF, or in LF alone (RFC
// 9112 2.2). Looks from `from` on.
std::size_t head_end(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('\n', from); at != text.npos; at = text.find('\n', at + 1)) {
    if (text.substr(at + 1, 1) == "\n") return at + 2;
    if (text.substr(at + 1, 2) == "\r\n") return at + 3;
  }
  return text.npos;
}

// The same lines, each with CRLF at its end.
std::string with_crlf(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) out.append(line).append("\r\n");
  }
  return out;
}

// RFC 9112 6.3, 5: all Content-Length fields, and all members of a list, say the same.
struct Length {
  bool valid = true;
  std::optional<std::uint64_t> bytes;
};
Length length_in(std::string_view fields) {
  Length length;
  any_field(fields, "Content-Length", [&](std::string_view list) {
    while (true) {
      const std::size_t comma = list.find(',');
      std::uint64_t bytes = 0;
      if (!read_size(trimmed(list.substr(0, comma)), 10, bytes) ||
          (length.bytes && *length.bytes != bytes)) {
        length.valid = false;
        return true;
      }
      length.bytes = bytes;
      if (comma == list.npos) return false;
      list.remove_prefix(comma + 1);
    }
  });
  return length;
}

// The last transfer coding (6.1), in lower case as it is written; empty without one.
std::string_view last_coding(std::string_view fields) {
  std::string_view last;
  any_field(fields, "Transfer-Encoding", [&](std::string_view list) {
    const std::size_t comma = list.rfind(',');
    last = trimmed(comma == list.npos ? list : list.substr(comma + 1));
    return false;
  });
  return last;
}

bool any_list_has(std::string_view fields, std::string_view name, std::string_view member) {
  return any_field(fields, name, [&](std::string_view list) { return list_has(list, member); });
}

}  // namespace

std::string_view to_text(ResponseError error) {
  switch (error) {
    case ResponseError::kNone:
      return "nothing was wrong";
    case ResponseError::kNotHttp:
      return "what came is not HTTP/1.1";
    case ResponseError::kHeadTooLarge:
      return "its head is longer than 256 KiB";
    case ResponseError::kTooManyInterim:
      return "more than 16 interim answers (1xx) came, and none that is final";
    case ResponseError::kContentLength:
      return "its Content-Length is no number, or there are two that differ";
    case ResponseError::kChunkSize:
      return "a chunk has no size";
    case ResponseError::kChunkEnd:
      return "a chunk is longer than its size says";
    case ResponseError::kLineTooLarge:
      return "a chunk's line or its trailers are longer than 16 KiB";
    case ResponseError::kEndedBefore:
      return "the connection ended before an answer";
    case ResponseError::kEndedInHead:
      return "the connection ended in the middle of the head";
    case ResponseError::kEndedInBody:
      return "the connection ended in the middle of the body";
  }
  return "";
}

void ResponseReader::fail(ResponseError error) {
  state_ = State::kBroken;
  error_ = error;
}

std::size_t ResponseReader::feed(std::string_view bytes, std::string& body) {
  std::size_t taken = 0;
  while (taken < bytes.size() && (state_ == State::kHead || state_ == State::kBody)) {
    const std::string_view rest = bytes.substr(taken);
    taken += state_ == State::kHead ? take_head(rest) : take_body(rest, body);
  }
  return taken;
}

std::size_t ResponseReader::take_head(std::string_view bytes) {
  if (line_.empty()) {
    // An empty line before the status line is none (2.2).
    if (bytes.front() == '\r' || bytes.front() == '\n') return 1;
    const std::size_t end = head_end(bytes, 0);
    if (end != bytes.npos && end <= kMaxHeadBytes) {
      read_head(bytes.substr(0, end));
      return end;
    }
  }
  const std::size_t before = line_.size();
  line_.append(bytes.substr(0, std::min(bytes.size(), kMaxHeadBytes + 1 - before)));
  const std::size_t end = head_end(line_, before < 2 ? 0 : before - 2);
  if (end == line_.npos || end > kMaxHeadBytes) {
    // What cannot become a status line is not waited for.
    constexpr std::string_view kVersion = "HTTP/1.";
    const std::size_t seen = std::min(line_.size(), kVersion.size());
    if (std::string_view(line_).substr(0, seen) != kVersion.substr(0, seen)) {
      fail(ResponseError::kNotHttp);
    } else if (line_.size() > kMaxHeadBytes) {
      fail(ResponseError::kHeadTooLarge);
    }
    return bytes.size();
  }
  const std::string head = line_.substr(0, end);
  line_.clear();
  read_head(head);
  return end - before;
}

void ResponseReader::read_head(std::string_view head) {
  const int status = head.starts_with("HTTP/1.") ? read_status(head) : 0;
  if (status < 100 || status > 999) return fail(ResponseError::kNotHttp);
  if (status < 200 && status != 101) {
    if (++interim_ > kMaxInterim) fail(ResponseError::kTooManyInterim);
    return;
  }
  status_ = status;
  fields_ = with_crlf(head.substr(head.find('\n') + 1));
  const bool is_1_0 = head.starts_with("HTTP/1.0");
  keeps_alive_ = !any_list_has(fields_, "Connection", "close") &&
                 (!is_1_0 || any_list_has(fields_, "Connection", "keep-alive"));
  choose_framing();
  if (state_ == State::kBroken) return;
  has_head_ = true;
  const bool empty = framing_ == Framing::kNone || (framing_ == Framing::kLength && left_ == 0);
  state_ = empty ? State::kDone : State::kBody;
}

void ResponseReader::choose_framing() {
  if (no_body_ || status_ == 204 || status_ == 304 || status_ < 200) {
    framing_ = Framing::kNone;
    return;
  }
  const std::string_view coding = last_coding(fields_);
  if (equals_ignoring_case(coding, "chunked")) {
    framing_ = Framing::kChunked;
    return;
  }
  const Length length = length_in(fields_);
  if (coding.empty() && !length.valid) return fail(ResponseError::kContentLength);
  if (coding.empty() && length.bytes) {
    framing_ = Framing::kLength;
    left_ = *length.bytes;
    return;
  }
  framing_ = Framing::kToTheEnd;
  keeps_alive_ = false;
}

std::size_t ResponseReader::take_body(std::string_view bytes, std::string& body) {
  if (framing_ == Framing::kToTheEnd) {
    body += bytes;
    return bytes.size();
  }
  if (framing_ == Framing::kChunked && left_ == 0) return take_chunk_line(bytes);
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  body += bytes.substr(0, size);
  left_ -= size;
  if (left_ == 0) {
    if (framing_ == Framing::kLength) {
      state_ = State::kDone;
    } else {
      behind_chunk_ = true;
    }
  }
  return size;
}

std::size_t ResponseReader::take_chunk_line(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  const std::size_t length = std::min(end, bytes.size());
  if (line_.size() + length + trailer_bytes_ > kMaxLineBytes) {
    fail(ResponseError::kLineTooLarge);
    return bytes.size();
  }
  line_ += bytes.substr(0, length);
  if (end == bytes.npos) return bytes.size();
  std::string_view line = line_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  read_chunk_line(line);
  line_.clear();
  return end + 1;
}

void ResponseReader::read_chunk_line(std::string_view line) {
  if (behind_last_chunk_) {
    trailer_bytes_ += line.size();
    if (line.empty()) state_ = State::kDone;
    return;
  }
  if (behind_chunk_) {
    behind_chunk_ = false;
    if (!line.empty()) fail(ResponseError::kChunkEnd);
    return;
  }
  // 7.1.1: extensions are ignored.
  if (!read_size(trimmed(line.substr(0, line.find(';'))), 16, left_)) {
    return fail(ResponseError::kChunkSize);
  }
  behind_last_chunk_ = left_ == 0;
}

void ResponseReader::end() {
  if (state_ == State::kDone || state_ == State::kBroken) return;
  if (state_ == State::kBody && framing_ == Framing::kToTheEnd) {
    state_ = State::kDone;
  } else if (state_ == State::kBody) {
    fail(ResponseError::kEndedInBody);
  } else {
    fail(begun() ? ResponseError::kEndedInHead : ResponseError::kEndedBefore);
  }
}

}  // namespace playground::http
