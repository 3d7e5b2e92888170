// A body as it was before its Content-Encoding (RFC 9110 8.4): gzip and deflate, with zlib.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <zlib.h>

namespace playground::native {

class ContentDecoder {
 public:
  // What can be decoded, for Accept-Encoding.
  static constexpr std::string_view kAccepted = "gzip, deflate";
  // A piece of what comes out is no longer: so much is held, whatever a few bytes stand for.
  static constexpr std::size_t kPieceBytes = 64 * 1024;

  // Takes a piece of the body; returns whether it wants more.
  using Take = std::function<bool(std::string_view piece)>;

  ContentDecoder() = default;
  ~ContentDecoder() { end(); }
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  // Another body, with this value of Content-Encoding; empty: none.
  void begin(std::string_view coding);
  // Hands on all that the bytes so far stand for: whatever a server flushes comes out at once.
  // False: they cannot be decoded, and problem() says why.
  bool feed(std::string_view bytes, const Take& take);
  // Whether the body may end here.
  bool complete() const;
  // "what came is not gzip"
  const std::string& problem() const { return problem_; }

 private:
  enum class State { kPlain, kUnknown, kBefore, kInside, kAfter };

  void open(unsigned char first);
  void end();

  std::string coding_;
  State state_ = State::kPlain;
  bool gzip_ = false;
  bool begun_ = false;
  bool open_ = false;
  z_stream stream_ = {};
  std::string problem_;
};

}  // namespace playground::native
