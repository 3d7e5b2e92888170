// Reads HTTP/1.1 responses as a client does: the head, and the body in whatever framing it has
// (RFC 9112 6.3, 7.1). Of the trailer section it only finds the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace playground::http {

// What was wrong with the bytes, or with where they ended: one enumerator per cause.
enum class ResponseError : std::uint8_t {
  kNone,
  kNotHttp,         // RFC 9112 4: no status line of HTTP/1
  kHeadTooLarge,    // over kMaxHeadBytes
  kTooManyInterim,  // RFC 9110 15.2: over kMaxInterim answers before the final one
  kContentLength,   // RFC 9112 6.3: not a number, or two that differ
  kChunkSize,       // 7.1: a chunk's size is none
  kChunkEnd,        // 7.1: bytes between a chunk and its line end
  kLineTooLarge,    // 7.1: a chunk's line, or a trailer, is over kMaxLineBytes
  kEndedBefore,     // the connection ended before anything came
  kEndedInHead,
  kEndedInBody,  // 8: before the length was reached, or the last chunk
};
inline constexpr std::size_t kResponseErrorCount = 11;

// A few words for people, as the end of a sentence: "it ended in the middle of the body".
std::string_view to_text(ResponseError error);

class ResponseReader {
 public:
  // A head, its interim answers apart.
  static constexpr std::size_t kMaxHeadBytes = 256 * 1024;
  static constexpr int kMaxInterim = 16;
  // A chunk's line with its extensions, or a trailer.
  static constexpr std::size_t kMaxLineBytes = 16 * 1024;

  enum class State : std::uint8_t {
    kHead,
    kBody,
    kDone,
    kBroken,  // error() says why
  };

  // What marks the end of the body (RFC 9112 6.3).
  enum class Framing : std::uint8_t { kNone, kLength, kChunked, kToTheEnd };

  // The answer to a request that gets none of a body (6.3): HEAD, or CONNECT where it succeeds.
  // Call this before the first byte.
  void expect_no_body() { no_body_ = true; }

  // Reads on, at most up to the end of the response; returns how many bytes it took. What it found
  // of the body is appended to `body`. Interim answers (1xx) are passed over, but for 101, after
  // which the connection speaks something else.
  std::size_t feed(std::string_view bytes, std::string& body);

  // The connection has ended: a body's proper end only if nothing else marks it.
  void end();

  // Another response may come.
  void reset() { *this = ResponseReader(); }

  State state() const { return state_; }
  ResponseError error() const { return error_; }
  bool begun() const {
    return state_ != State::kHead || status_ > 0 || interim_ > 0 || !line_.empty();
  }
  // Whether the final head is whole, and can be read: what is below is known.
  bool has_head() const { return has_head_; }
  int status() const { return status_; }
  Framing framing() const { return framing_; }
  // Of the head, whole lines.
  std::string_view fields() const { return fields_; }
  // Whether the connection takes another request afterwards (9.3); of HTTP/1.0 it never does.
  bool keeps_alive() const { return keeps_alive_; }

 private:
  std::size_t take_line(std::string_view bytes);
  void take_head_line();
  void end_head();
  // By the lists of Transfer-Encoding and Content-Length.
  void choose_framing(std::string_view codings, std::string_view lengths);
  std::size_t take_body(std::string_view bytes, std::string& body);
  void take_chunk_line();
  void fail(ResponseError error);

  State state_ = State::kHead;
  Framing framing_ = Framing::kNone;
  ResponseError error_ = ResponseError::kNone;
  std::string line_;  // of a head or a chunk's size, while it is not whole
  std::string fields_;
  int status_ = 0;
  int interim_ = 0;
  bool no_body_ = false;
  bool has_head_ = false;
  bool keeps_alive_ = true;
  std::uint64_t left_ = 0;          // of the body, or of the chunk
  bool behind_chunk_ = false;       // the line end of a chunk's data comes next
  bool behind_last_chunk_ = false;  // trailers, and the empty line at the end of the body
};

}  // namespace playground::http
