#include "core/http/response_reader.h"

#include <algorithm>
#include <charconv>

#include "core/field_text.h"
#include "core/http/message.h"

namespace playground::http {
namespace {

// False if it is not a whole number of that base.
bool read_size(std::string_view text, int base, std::uint64_t& size) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), size, base);
  return error == std::errc() && stop == text.data() + text.size();
}

// RFC 9112 6.3, 5: all members of the list are the same number.
bool read_length(std::string_view list, std::uint64_t& length) {
  for (bool first = true;; first = false) {
    const std::size_t comma = list.find(',');
    std::uint64_t bytes = 0;
    if (!read_size(trimmed(list.substr(0, comma)), 10, bytes)) return false;
    if (!first && bytes != length) return false;
    length = bytes;
    if (comma == list.npos) return true;
    list.remove_prefix(comma + 1);
  }
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
      return "a chunk's line or a trailer is longer than 16 KiB";
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
    const bool line = state_ == State::kHead || (framing_ == Framing::kChunked && left_ == 0);
    taken += line ? take_line(rest) : take_body(rest, body);
  }
  return taken;
}

// A line ends in CRLF, or in LF alone (RFC 9112 2.2).
std::size_t ResponseReader::take_line(std::string_view bytes) {
  constexpr std::string_view kVersion = "HTTP/1.";
  const bool head = state_ == State::kHead;
  const std::size_t end = bytes.find('\n');
  line_ += bytes.substr(0, end);
  if (line_.size() + (head ? fields_.size() : 0) > (head ? kMaxHeadBytes : kMaxLineBytes)) {
    fail(head ? ResponseError::kHeadTooLarge : ResponseError::kLineTooLarge);
  } else if (head && status_ == 0 && line_ != "\r" &&
             !line_.starts_with(kVersion.substr(0, line_.size()))) {
    // What cannot become a status line is not waited for.
    fail(ResponseError::kNotHttp);
  }
  if (end == bytes.npos || state_ == State::kBroken) return bytes.size();
  if (line_.ends_with('\r')) line_.pop_back();
  head ? take_head_line() : take_chunk_line();
  line_.clear();
  return end + 1;
}

void ResponseReader::take_head_line() {
  if (status_ > 0 && !line_.empty()) {
    fields_.append(line_).append("\r\n");
  } else if (status_ > 0) {
    end_head();
  } else if (!line_.empty()) {  // 2.2: an empty line before the status line is none
    status_ = read_status(line_);
    if (status_ < 100 || status_ > 999) {
      status_ = 0;
      return fail(ResponseError::kNotHttp);
    }
    keeps_alive_ = !line_.starts_with("HTTP/1.0");
  }
}

void ResponseReader::end_head() {
  if (status_ < 200 && status_ != 101) {
    status_ = 0;
    fields_.clear();
    if (++interim_ > kMaxInterim) fail(ResponseError::kTooManyInterim);
    return;
  }
  // The values of all fields of a name are one list (RFC 9110 5.3), here with a comma before each.
  std::string connection;
  std::string codings;
  std::string lengths;
  for_each_field(fields_, [&](std::string_view name, std::string_view value) {
    std::string* list = equals_ignoring_case(name, "Connection")          ? &connection
                        : equals_ignoring_case(name, "Transfer-Encoding") ? &codings
                        : equals_ignoring_case(name, "Content-Length")    ? &lengths
                                                                          : nullptr;
    if (list != nullptr) list->append(",").append(value);
  });
  if (list_has(connection, "close")) keeps_alive_ = false;
  choose_framing(codings, lengths);
  if (state_ == State::kBroken) return;
  has_head_ = true;
  const bool empty = framing_ == Framing::kNone || (framing_ == Framing::kLength && left_ == 0);
  state_ = empty ? State::kDone : State::kBody;
}

void ResponseReader::choose_framing(std::string_view codings, std::string_view lengths) {
  if (no_body_ || status_ == 204 || status_ == 304 || status_ < 200) {
    framing_ = Framing::kNone;
    return;
  }
  // npos and 1 make 0.
  const std::string_view last = codings.substr(codings.rfind(',') + 1);
  if (equals_ignoring_case(trimmed(last), "chunked")) {
    framing_ = Framing::kChunked;
    return;
  }
  if (codings.empty() && !lengths.empty()) {
    if (!read_length(lengths.substr(1), left_)) return fail(ResponseError::kContentLength);
    framing_ = Framing::kLength;
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

void ResponseReader::take_chunk_line() {
  if (behind_last_chunk_) {
    if (line_.empty()) state_ = State::kDone;
    return;
  }
  if (behind_chunk_) {
    behind_chunk_ = false;
    if (!line_.empty()) fail(ResponseError::kChunkEnd);
    return;
  }
  // 7.1.1: extensions are ignored.
  const std::string_view line = line_;
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
