#include "core/server/wire_log.h"

#include <algorithm>
#include <utility>

#include "core/json_text.h"
#include "core/transport.h"

namespace playground::server {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
// What framing follows a record: an event's blank line and the end of its chunk.
constexpr std::size_t kBehindRecord = 4;

std::size_t head_size(std::string_view response) {
  const std::size_t end = response.find(kHeadEnd);
  return end == std::string_view::npos ? response.size() : end + kHeadEnd.size();
}

// Whether a response with this head goes on record by record.
bool is_stream(std::string_view head) {
  return head.find("Transfer-Encoding: chunked") != std::string_view::npos ||
         find_stream(head) != nullptr || head.starts_with("HTTP/1.1 101");
}

// How many bytes the JSON object at the beginning of `text` takes; none while its end is missing.
std::optional<std::size_t> object_size(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return std::nullopt;
}

// Adds parts to an excerpt and counts what lies between them.
class ExcerptWriter {
 public:
  explicit ExcerptWriter(std::uint64_t connection) { excerpt_.connection = connection; }

  template <typename Piece>
  void add(const Piece& piece, bool inbound, std::string_view bytes, std::size_t skipped_in_piece) {
    std::uint64_t& next = next_[inbound ? 0 : 1];
    const std::uint64_t begin = piece.offset + skipped_in_piece;
    excerpt_.parts.push_back({inbound, piece.at_us, begin > next ? begin - next : 0, bytes});
    next = begin + bytes.size();
  }
  WireExcerpt take() { return std::move(excerpt_); }

 private:
  WireExcerpt excerpt_;
  std::uint64_t next_[2] = {0, 0};
};

}  // namespace

void WireLog::add(std::uint64_t connection, Kind kind, std::int64_t at_us, std::uint64_t offset,
                  std::span<const std::string_view> parts, std::size_t size) {
  if (size == 0) return;
  Piece piece{connection, kind, at_us, offset, size, {}};
  std::size_t left = std::min(size, kMaxPieceBytes);
  piece.bytes.reserve(left);
  for (const std::string_view part : parts) {
    const std::string_view taken = part.substr(0, left);
    piece.bytes += taken;
    left -= taken.size();
  }
  bytes_ += piece.bytes.size();
  pieces_.push_back(std::move(piece));
  while (bytes_ > kMaxBytes || pieces_.size() > kMaxPieces) forget_oldest();
}

// What opened an exchange is kept: of a stream it would be gone long before the stream is.
void WireLog::forget_oldest() {
  Piece piece = std::move(pieces_.front());
  pieces_.pop_front();
  bytes_ -= piece.bytes.size();
  if (piece.kind == Kind::kIn) return;
  const auto head = std::find_if(heads_.begin(), heads_.end(), [&](const Head& each) {
    return each.connection == piece.connection;
  });
  piece.bytes.resize(std::min(piece.bytes.size(), kMaxHeadBytes));
  piece.bytes.shrink_to_fit();
  if (piece.kind == Kind::kRequest) {
    if (head != heads_.end()) heads_.erase(head);
    heads_.push_back({piece.connection, std::move(piece), std::nullopt});
    if (heads_.size() > kMaxHeads) heads_.pop_front();
    return;
  }
  if (head == heads_.end()) return;
  if (!head->response) {
    piece.bytes.resize(head_size(piece.bytes));
    head->response = std::move(piece);
  } else if (std::string& known = head->response->bytes;
             known.find(kHeadEnd) == std::string::npos && known.size() < kMaxHeadBytes) {
    known += piece.bytes;
    known.resize(std::min(head_size(known), kMaxHeadBytes));
  }
}

std::optional<WireLog::Place> WireLog::find(std::string_view text) const {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (piece.kind != Kind::kOut) continue;
    if (const std::size_t at = piece.bytes.find(text); at != std::string::npos) {
      return Place{i, at};
    }
    // A write that the kernel did not take whole may end within it.
    const std::size_t tail = std::min(piece.bytes.size(), text.size() - 1);
    const std::size_t begin = piece.bytes.find(text.front(), piece.bytes.size() - tail);
    if (begin == std::string::npos || piece.size > piece.bytes.size()) continue;
    const auto next = next_written(i);
    if (!next) continue;
    const std::string seam =
        piece.bytes.substr(begin) + pieces_[*next].bytes.substr(0, text.size());
    if (const std::size_t at = seam.find(text); at != std::string::npos) {
      return Place{i, begin + at};
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> WireLog::next_written(std::size_t index) const {
  const Piece& from = pieces_[index];
  for (std::size_t i = index + 1; i < pieces_.size(); ++i) {
    if (pieces_[i].connection != from.connection || pieces_[i].kind == Kind::kIn) continue;
    if (pieces_[i].kind == Kind::kRequest) return std::nullopt;
    return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> WireLog::last_request(std::uint64_t connection,
                                                 std::size_t before) const {
  for (std::size_t i = before; i-- > 0;) {
    if (pieces_[i].connection == connection && pieces_[i].kind == Kind::kRequest) return i;
  }
  return std::nullopt;
}

const WireLog::Head* WireLog::head_of(std::uint64_t connection) const {
  for (const Head& head : heads_) {
    if (head.connection == connection) return &head;
  }
  return nullptr;
}

std::optional<WireExcerpt> WireLog::message(std::uint64_t seq) const {
  std::string text = "{\"seq\":";
  append_number(seq, text);
  text += ',';
  const auto place = find(text);
  if (!place) return std::nullopt;
  const std::uint64_t connection = pieces_[place->piece].connection;
  ExcerptWriter writer(connection);

  // The request, and where its answer begins.
  const auto request = last_request(connection, place->piece);
  std::optional<std::size_t> written;
  std::string_view head;
  if (request) {
    writer.add(pieces_[*request], true, pieces_[*request].bytes, 0);
    written = next_written(*request);
    if (written) head = pieces_[*written].bytes;
  } else if (const Head* known = head_of(connection)) {
    writer.add(known->request, true, known->request.bytes, 0);
    if (known->response) head = known->response->bytes;
  }

  if (!head.empty() && !is_stream(head)) {
    if (!request) {
      const Head* known = head_of(connection);
      writer.add(*known->response, false, known->response->bytes, 0);
      written = place->piece;
    }
    for (; written; written = next_written(*written)) {
      writer.add(pieces_[*written], false, pieces_[*written].bytes, 0);
    }
    return writer.take();
  }

  // Of a stream: the head, and the writes in which the message is.
  std::size_t from = place->piece;
  if (const std::string& bytes = pieces_[from].bytes; place->byte < 64) {
    // A write that ended inside a frame or a chunk left its rest to this one.
    for (std::size_t i = from; i-- > 0;) {
      if (pieces_[i].connection != connection || pieces_[i].kind == Kind::kIn) continue;
      const std::string& before = pieces_[i].bytes;
      const bool whole = before.ends_with("\n\r\n") || before.ends_with('}');
      if (pieces_[i].kind == Kind::kOut && !whole && !bytes.empty()) from = i;
      break;
    }
  }
  if (!head.empty()) {
    if (request && written && *written < from) {
      writer.add(pieces_[*written], false, head.substr(0, head_size(head)), 0);
    } else if (!request) {
      writer.add(*head_of(connection)->response, false, head, 0);
    }
  }
  std::string together;
  std::size_t begin = place->byte;
  for (std::optional<std::size_t> i = from; i; i = next_written(*i)) {
    writer.add(pieces_[*i], false, pieces_[*i].bytes, 0);
    if (*i < place->piece) begin += pieces_[*i].bytes.size();
    together += pieces_[*i].bytes;
    if (*i < place->piece) continue;
    const auto size = object_size(std::string_view(together).substr(begin));
    if (size && begin + *size + kBehindRecord <= together.size()) break;
    // A frame has nothing behind its record.
    if (size && head.starts_with("HTTP/1.1 101")) break;
  }
  return writer.take();
}

std::optional<WireExcerpt> WireLog::connection(std::optional<std::uint64_t> number) const {
  if (!number) {
    if (pieces_.empty()) return std::nullopt;
    number = std::max_element(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) {
               return a.connection < b.connection;
             })->connection;
  }
  ExcerptWriter writer(*number);
  const auto request = last_request(*number, pieces_.size());
  const Head* known = request ? nullptr : head_of(*number);
  std::size_t index = 0;
  if (request) {
    writer.add(pieces_[*request], true, pieces_[*request].bytes, 0);
    index = *request + 1;
    if (const auto written = next_written(*request)) {
      const std::string_view bytes = pieces_[*written].bytes;
      const std::size_t head = head_size(bytes);
      writer.add(pieces_[*written], false, bytes.substr(0, head), 0);
      if (!is_stream(bytes.substr(0, head)) && head < bytes.size()) {
        writer.add(pieces_[*written], false, bytes.substr(head), head);
      }
      index = *written + 1;
    }
  } else if (known) {
    writer.add(known->request, true, known->request.bytes, 0);
    if (known->response) writer.add(*known->response, false, known->response->bytes, 0);
  }

  std::vector<const Piece*> tail;
  std::size_t bytes = 0;
  for (std::size_t i = pieces_.size(); i-- > index;) {
    if (pieces_[i].connection != *number) continue;
    bytes += pieces_[i].bytes.size();
    if (bytes > kTailBytes) break;
    tail.push_back(&pieces_[i]);
  }
  for (auto piece = tail.rbegin(); piece != tail.rend(); ++piece) {
    writer.add(**piece, (*piece)->kind != Kind::kOut, (*piece)->bytes, 0);
  }
  WireExcerpt excerpt = writer.take();
  if (excerpt.parts.empty()) return std::nullopt;
  return excerpt;
}

}  // namespace playground::server
