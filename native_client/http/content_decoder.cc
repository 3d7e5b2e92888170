#include "native_client/http/content_decoder.h"

#include <new>

#include "core/field_text.h"

namespace playground::native {
namespace {

constexpr int kWindow = MAX_WBITS;
constexpr int kGzip = 16;
constexpr unsigned char kGzipBegins = 0x1f;  // RFC 1952 2.3.1

// RFC 1950 2.2: the first byte of a zlib stream says "deflate". Some servers send what RFC 9110
// 8.4.1.2 calls "deflate" without it, and browsers read that.
bool begins_zlib(unsigned char first) { return (first & 0x0f) == Z_DEFLATED && first >> 4 <= 7; }

}  // namespace

void ContentDecoder::begin(std::string_view coding) {
  end();
  problem_.clear();
  begun_ = false;
  coding_ = coding;
  gzip_ = equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip");
  if (coding.empty() || equals_ignoring_case(coding, "identity")) {
    state_ = State::kPlain;
  } else if (gzip_ || equals_ignoring_case(coding, "deflate")) {
    state_ = State::kBefore;
  } else {
    state_ = State::kUnknown;
  }
}

void ContentDecoder::open(unsigned char first) {
  end();
  const int bits = gzip_ ? kWindow + kGzip : begins_zlib(first) ? kWindow : -kWindow;
  if (inflateInit2(&stream_, bits) != Z_OK) throw std::bad_alloc();
  open_ = true;
}

void ContentDecoder::end() {
  if (open_) inflateEnd(&stream_);
  open_ = false;
  stream_ = {};
}

bool ContentDecoder::feed(std::string_view bytes, const Take& take) {
  if (bytes.empty()) return true;
  if (state_ == State::kPlain) {
    take(bytes);
    return true;
  }
  if (state_ == State::kUnknown) {
    problem_ = "it is encoded as " + coding_ + ", which was not asked for and is not read";
    return false;
  }
  begun_ = true;
  std::string piece;
  while (!bytes.empty()) {
    const auto first = static_cast<unsigned char>(bytes.front());
    // RFC 1952 2.2: one member after another. What else follows the end is nobody's.
    if (state_ == State::kAfter && !(gzip_ && first == kGzipBegins)) return true;
    if (state_ != State::kInside) open(first);
    state_ = State::kInside;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    for (;;) {
      piece.resize(kPieceBytes);
      stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream_.avail_out = static_cast<uInt>(piece.size());
      const int result = inflate(&stream_, Z_SYNC_FLUSH);
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        problem_ = "what came is not " + coding_;
        return false;
      }
      piece.resize(piece.size() - stream_.avail_out);
      const bool full = stream_.avail_out == 0;
      if (!piece.empty() && !take(piece)) return true;
      if (result == Z_STREAM_END) {
        state_ = State::kAfter;
        break;
      }
      // There is more only where there was no room for it.
      if (!full) break;
    }
    bytes = bytes.substr(bytes.size() - stream_.avail_in);
  }
  return true;
}

bool ContentDecoder::complete() const {
  return state_ == State::kPlain || state_ == State::kAfter || !begun_;
}

}  // namespace playground::native
