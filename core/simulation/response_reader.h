// Reads HTTP/1.1 responses as a browser does: the head, and the body in whatever framing it has
// (RFC 9112 6.3, 7.1). It takes no trailers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace playground::simulation {

class ResponseReader {
 public:
  enum class State : std::uint8_t {
    kHead,
    kBody,
    kDone,
    kBroken,  // what came was not a response
  };

  // Reads on, at most up to the end of the response; returns how many bytes it took. What it found
  // of the body is appended to `body`.
  std::size_t feed(std::string_view bytes, std::string& body);

  // The connection has ended: a body's proper end only if nothing else marks it.
  void end();

  // Another response may come.
  void reset() { *this = ResponseReader(); }

  State state() const { return state_; }
  bool begun() const { return state_ != State::kHead || !line_.empty(); }
  int status() const { return status_; }
  // Of the head, whole lines.
  std::string_view fields() const { return fields_; }
  // Whether the connection takes another request afterwards.
  bool keeps_alive() const { return keeps_alive_; }

 private:
  enum class Framing : std::uint8_t { kNone, kLength, kChunked, kToTheEnd };

  std::size_t take_head(std::string_view bytes);
  void read_head(std::string_view head);
  std::size_t take_body(std::string_view bytes, std::string& body);
  std::size_t take_chunk_line(std::string_view bytes);

  State state_ = State::kHead;
  Framing framing_ = Framing::kNone;
  std::string line_;  // of a head or a chunk's size, while it is not whole
  std::string fields_;
  int status_ = 0;
  bool keeps_alive_ = true;
  std::uint64_t left_ = 0;          // of the body, or of the chunk
  bool behind_chunk_ = false;       // the line end of a chunk's data comes next
  bool behind_last_chunk_ = false;  // the empty line at the end of the body comes next
};

}  // namespace playground::simulation
