// The bytes that crossed the wire for a lane, as they were written and read: the newest of them,
// and of each connection still in question its last request and that one's response head.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/server/session.h"

namespace playground::server {

// What one connection of the lane carried around a message, in the order of the wire.
struct WireExcerpt {
  struct Part {
    bool inbound;            // from the reader to the server
    std::int64_t at_us;      // by the server's clock
    std::uint64_t skipped;   // bytes in the same direction between this part and the one before
    std::string_view bytes;  // of the log: valid until it changes
  };
  std::uint64_t connection = 0;  // of the lane, from 1
  std::vector<Part> parts;
};

class WireLog {
 public:
  // What is older goes, whichever comes first.
  static constexpr std::size_t kMaxBytes = 256 * 1024;
  static constexpr std::size_t kMaxPieces = 2000;
  // Only the beginning of a longer piece is kept.
  static constexpr std::size_t kMaxPieceBytes = 128 * 1024;
  // How many connections' requests and response heads may outlive their pieces.
  static constexpr std::size_t kMaxHeads = 16;
  static constexpr std::size_t kMaxHeadBytes = 8 * 1024;
  // How much of a connection's end connection() shows.
  static constexpr std::size_t kTailBytes = 16 * 1024;

  enum class Kind : std::uint8_t {
    kRequest,  // a whole HTTP request
    kIn,       // what a session has read: a WebSocket's frames
    kOut,
  };

  // Something was read or written: `size` bytes of `parts`, of which those before `offset` were in
  // the same direction of the connection earlier.
  void add(std::uint64_t connection, Kind kind, std::int64_t at_us, std::uint64_t offset,
           std::span<const std::string_view> parts, std::size_t size);

  // Messages were handed over to be sent between two offsets of what the connection sends.
  void mark(std::uint64_t connection, Messages messages, std::uint64_t begin, std::uint64_t end);

  // The request and the response's head of the connection that first carried message `seq`, and
  // what was written with the message in it: for a stream those writes, for an answer all of it.
  std::optional<WireExcerpt> message(std::uint64_t seq) const;

  // The last request of a connection, its response's head, and the end of what followed. Without a
  // number, those of the newest one.
  std::optional<WireExcerpt> connection(std::optional<std::uint64_t> number) const;

 private:
  struct Piece {
    std::uint64_t connection;
    Kind kind;
    std::int64_t at_us;
    std::uint64_t offset;
    std::size_t size;   // more than the bytes where it was cut
    std::string bytes;  // not empty
  };
  // What is known of a connection's exchange besides the pieces.
  struct Head {
    std::uint64_t connection;
    Piece request;
    std::optional<Piece> response;  // up to its blank line, or as much as there was
  };

  struct Mark {
    std::uint64_t connection;
    Messages messages;
    std::uint64_t begin;
    std::uint64_t end;
  };

  void forget_oldest();
  // Nothing where what was marked is not sent to its end, or its beginning is no longer kept.
  std::optional<WireExcerpt> excerpt(const Mark& mark) const;
  // The next piece after `index` that was written to the same connection, before its next request.
  std::optional<std::size_t> next_written(std::size_t index) const;
  std::optional<std::size_t> last_request(std::uint64_t connection, std::size_t before) const;
  const Head* head_of(std::uint64_t connection) const;

  std::deque<Piece> pieces_;
  std::deque<Head> heads_;
  std::deque<Mark> marks_;  // the newest, at most as many as pieces
  std::size_t bytes_ = 0;
};

}  // namespace playground::server
