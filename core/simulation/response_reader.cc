#include "core/simulation/response_reader.h"

#include <algorithm>
#include <charconv>

#include "core/field_text.h"
#include "core/http/message.h"

namespace playground::simulation {
namespace {

// 7.1: a chunk's size in hexadecimal. False if it is not one.
bool read_size(std::string_view text, int base, std::uint64_t& size) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), size, base);
  return error == std::errc() && stop == text.data() + text.size();
}

}  // namespace

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
    const std::size_t end = bytes.find(kHeadEnd);
    if (end != std::string_view::npos) {
      read_head(bytes.substr(0, end + 2));
      return end + kHeadEnd.size();
    }
  }
  const std::size_t before = line_.size();
  line_ += bytes;
  const std::size_t end = line_.find(kHeadEnd, before < 3 ? 0 : before - 3);
  if (end == std::string::npos) return bytes.size();
  read_head(std::string_view(line_).substr(0, end + 2));
  line_.clear();
  return end + kHeadEnd.size() - before;
}

void ResponseReader::read_head(std::string_view head) {
  status_ = http::read_status(head);
  if (status_ == 0) {
    state_ = State::kBroken;
    return;
  }
  fields_ = head.substr(head.find("\r\n") + 2);
  keeps_alive_ = find_field(fields_, "Connection") != "close";
  const std::string_view length = find_field(fields_, "Content-Length");
  if (status_ == 204 || status_ == 304 || status_ < 200) {
    framing_ = Framing::kNone;
  } else if (find_field(fields_, "Transfer-Encoding") == "chunked") {
    framing_ = Framing::kChunked;
  } else if (read_size(length, 10, left_)) {
    framing_ = Framing::kLength;
  } else {
    framing_ = Framing::kToTheEnd;
    keeps_alive_ = false;
  }
  const bool empty = framing_ == Framing::kNone || (framing_ == Framing::kLength && left_ == 0);
  state_ = empty ? State::kDone : State::kBody;
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
  if (end == std::string_view::npos) {
    line_ += bytes;
    return bytes.size();
  }
  line_ += bytes.substr(0, end);
  std::string_view line = line_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (behind_chunk_ || behind_last_chunk_) {
    if (!line.empty()) state_ = State::kBroken;
    if (behind_last_chunk_ && line.empty()) state_ = State::kDone;
    behind_chunk_ = false;
  } else if (!read_size(line, 16, left_)) {
    state_ = State::kBroken;
  } else {
    behind_last_chunk_ = left_ == 0;
  }
  line_.clear();
  return end + 1;
}

void ResponseReader::end() {
  if (state_ == State::kDone) return;
  const bool proper = state_ == State::kBody && framing_ == Framing::kToTheEnd;
  state_ = proper ? State::kDone : State::kBroken;
}

}  // namespace playground::simulation
