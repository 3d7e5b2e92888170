#include "core/server/wire_log.h"

#include <algorithm>
#include <utility>

#include "core/field_text.h"
#include "core/transport.h"

namespace playground::server {
namespace {

// Whether a response with this head goes on record by record.
bool is_stream(std::string_view head) {
  return head.find("Transfer-Encoding: chunked") != std::string_view::npos ||
         find_stream(head) != nullptr || head.starts_with("HTTP/1.1 101");
}

// Adds parts of pieces to an excerpt and counts what lies between them.
class ExcerptWriter {
 public:
  explicit ExcerptWriter(std::uint64_t connection) { excerpt_.connection = connection; }

  template <typename Piece>
  void add(const Piece& piece, bool inbound, std::size_t from = 0,
           std::size_t count = std::string_view::npos) {
    const std::string_view bytes = std::string_view(piece.bytes).substr(from, count);
    std::uint64_t& next = next_[inbound ? 0 : 1];
    const std::uint64_t begin = piece.offset + from;
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

// What opened an exchange is kept: for a stream it would be gone long before the stream is.
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

void WireLog::mark(std::uint64_t connection, Messages messages, std::uint64_t begin,
                   std::uint64_t end) {
  marks_.push_back({connection, messages, begin, end});
  if (marks_.size() > kMaxPieces) marks_.pop_front();
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
  for (const Mark& mark : marks_) {
    if (seq < mark.messages.first || mark.messages.last < seq) continue;
    if (auto found = excerpt(mark)) return found;
  }
  return std::nullopt;
}

std::optional<WireExcerpt> WireLog::excerpt(const Mark& mark) const {
  // The writes in which it is: from one that reaches beyond its beginning to one that reaches its
  // end.
  std::optional<std::size_t> from;
  std::optional<std::size_t> to;
  for (std::size_t i = 0; i < pieces_.size() && !to; ++i) {
    const Piece& piece = pieces_[i];
    if (piece.connection != mark.connection || piece.kind != Kind::kOut) continue;
    if (piece.offset + piece.size <= mark.begin) continue;
    if (!from && piece.offset > mark.begin) return std::nullopt;
    if (!from) from = i;
    if (piece.offset + piece.size >= mark.end) to = i;
  }
  if (!to) return std::nullopt;
  ExcerptWriter writer(mark.connection);

  // The request, and where its answer begins.
  const auto request = last_request(mark.connection, *from);
  const Head* known = request ? nullptr : head_of(mark.connection);
  std::optional<std::size_t> written;
  std::string_view head;
  if (request) {
    writer.add(pieces_[*request], true);
    written = next_written(*request);
    if (written) head = pieces_[*written].bytes;
  } else if (known) {
    writer.add(known->request, true);
    if (known->response) head = known->response->bytes;
  }

  // For an answer all of it; for a stream the head, and those writes.
  const bool whole = !head.empty() && !is_stream(head);
  if (!head.empty() && !request) {
    writer.add(*known->response, false);
  } else if (!head.empty() && !whole && *written < *from) {
    writer.add(pieces_[*written], false, 0, head_size(head));
  }
  for (auto i = whole && request ? written : from; i; i = next_written(*i)) {
    writer.add(pieces_[*i], false);
    if (!whole && *i == *to) break;
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
    writer.add(pieces_[*request], true);
    index = *request + 1;
    if (const auto written = next_written(*request)) {
      const std::string_view bytes = pieces_[*written].bytes;
      const std::size_t head = head_size(bytes);
      writer.add(pieces_[*written], false, 0, head);
      if (!is_stream(bytes.substr(0, head)) && head < bytes.size()) {
        writer.add(pieces_[*written], false, head);
      }
      index = *written + 1;
    }
  } else if (known) {
    writer.add(known->request, true);
    if (known->response) writer.add(*known->response, false);
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
    writer.add(**piece, (*piece)->kind != Kind::kOut);
  }
  WireExcerpt excerpt = writer.take();
  if (excerpt.parts.empty()) return std::nullopt;
  return excerpt;
}

}  // namespace playground::server
