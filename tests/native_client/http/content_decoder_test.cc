#include "native_client/http/content_decoder.h"

#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/splits.h"

namespace playground::native {
namespace {

constexpr int kZlib = 15;
constexpr int kRaw = -15;
constexpr int kGzip = 15 + 16;

// Each text flushed by itself; the end of the coding after the last one.
std::vector<std::string> compressed(const std::vector<std::string>& texts, int bits) {
  z_stream stream = {};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::vector<std::string> out;
  const auto put = [&](std::string text, int flush) {
    std::string bytes(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    deflate(&stream, flush);
    bytes.resize(bytes.size() - stream.avail_out);
    out.push_back(std::move(bytes));
  };
  for (const std::string& text : texts) put(text, Z_SYNC_FLUSH);
  put("", Z_FINISH);
  deflateEnd(&stream);
  return out;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += part;
  return all;
}

class Decoded {
 public:
  explicit Decoded(std::string_view coding) { decoder.begin(coding); }
  bool feed(std::string_view bytes) {
    return decoder.feed(bytes, [this](std::string_view piece) {
      largest = std::max(largest, piece.size());
      text += piece;
      return true;
    });
  }
  ContentDecoder decoder;
  std::string text;
  std::size_t largest = 0;
};

struct Coding {
  const char* name;
  int bits;
};
constexpr Coding kCodings[] = {
    {"gzip", kGzip}, {"X-GZip", kGzip}, {"deflate", kZlib}, {"deflate", kRaw}};

TEST_CASE("what is flushed comes out at once", "[coding]") {
  const std::vector<std::string> texts{"data: one\n\n", "data: two\n\n", "data: three\n\n"};
  for (const auto& [name, bits] : kCodings) {
    CAPTURE(name, bits);
    Decoded decoded(name);
    const auto parts = compressed(texts, bits);
    std::string so_far;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      REQUIRE(decoded.feed(parts[i]));
      so_far += texts[i];
      CHECK(decoded.text == so_far);
      CHECK_FALSE(decoded.decoder.complete());
    }
    REQUIRE(decoded.feed(parts.back()));
    CHECK(decoded.decoder.complete());
    // What follows the end is nobody's.
    REQUIRE(decoded.feed("rest"));
    CHECK(decoded.text == so_far);
  }
}

TEST_CASE("it is the same wherever it is split, and gzip may have several members", "[coding]") {
  for (const auto& [name, bits] : kCodings) {
    std::string all = joined(compressed({"one ", "two "}, bits));
    std::string wanted = "one two ";
    if (bits == kGzip) {
      all += joined(compressed({"three"}, bits));
      wanted += "three";
    }
    for_each_split(all, [&](const std::vector<std::string_view>& parts) {
      Decoded decoded(name);
      for (const std::string_view part : parts) REQUIRE(decoded.feed(part));
      REQUIRE(decoded.text == wanted);
      REQUIRE(decoded.decoder.complete());
    });
  }
}

TEST_CASE("few bytes that stand for many come out in pieces, as long as they are wanted",
          "[coding]") {
  const std::string bomb = joined(compressed({std::string(64 << 20, 'x')}, kGzip));
  REQUIRE(bomb.size() < 100'000);
  ContentDecoder decoder;
  decoder.begin("gzip");
  std::size_t pieces = 0;
  std::size_t largest = 0;
  CHECK(decoder.feed(bomb, [&](std::string_view piece) {
    largest = std::max(largest, piece.size());
    return ++pieces < 10;
  }));
  CHECK(pieces == 10);
  CHECK(largest == ContentDecoder::kPieceBytes);
}

TEST_CASE("what is not encoded passes; what cannot be decoded is named", "[coding]") {
  for (const std::string_view none : {"", "identity", "Identity"}) {
    Decoded decoded(none);
    CHECK(decoded.feed("plain"));
    CHECK(decoded.text == "plain");
    CHECK(decoded.decoder.complete());
  }
  Decoded unknown("br");
  CHECK(unknown.decoder.complete());  // without a body nothing is wrong
  CHECK_FALSE(unknown.feed("x"));
  CHECK(unknown.decoder.problem() ==
        "it is encoded as br, which was not asked for and is not read");
  Decoded broken("gzip");
  CHECK_FALSE(broken.feed("plain text"));
  CHECK(broken.decoder.problem() == "what came is not gzip");
  // The sum at the end is wrong.
  std::string wrong = joined(compressed({"text"}, kGzip));
  wrong[wrong.size() - 8] = static_cast<char>(wrong[wrong.size() - 8] ^ 1);
  Decoded summed("gzip");
  CHECK_FALSE(summed.feed(wrong));
  // Another body begins anew.
  summed.decoder.begin("deflate");
  summed.text.clear();
  CHECK(summed.feed(joined(compressed({"again"}, kZlib))));
  CHECK(summed.text == "again");
}

}  // namespace
}  // namespace playground::native
