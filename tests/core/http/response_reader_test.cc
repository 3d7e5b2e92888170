#include "core/http/response_reader.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/field_text.h"
#include "tests/support/splits.h"

namespace playground::http {
namespace {

using State = ResponseReader::State;

struct Read {
  ResponseReader reader;
  std::string body;
  std::size_t taken = 0;
};

template <typename Check>
void each_way(std::string_view bytes, Check check) {
  for_each_split(bytes, [&](const std::vector<std::string_view>& pieces) {
    Read read;
    for (const std::string_view piece : pieces) read.taken += read.reader.feed(piece, read.body);
    check(read);
  });
}

TEST_CASE("a body is as long as its head says, and what follows is not taken", "[http]") {
  const std::string response =
      "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\ncontent-length: 4\r\n\r\nbody";
  each_way(response + "next", [&](const Read& read) {
    CHECK(read.reader.state() == State::kDone);
    CHECK(read.reader.status() == 201);
    CHECK(find_field(read.reader.fields(), "Content-Type") == "application/json");
    CHECK(read.reader.keeps_alive());
    CHECK(read.body == "body");
    CHECK(read.taken == response.size());
  });
}

TEST_CASE("chunks are put together", "[http]") {
  each_way(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
      "4\r\nbody\r\nA\r\n, and more\r\n0\r\n\r\n",
      [](const Read& read) {
        CHECK(read.reader.state() == State::kDone);
        CHECK(read.body == "body, and more");
        CHECK_FALSE(read.reader.keeps_alive());
      });
}

TEST_CASE("a chunk's extensions and the trailers are passed over", "[http][rfc9112-7.1]") {
  each_way(
      "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, Chunked\r\n\r\n"
      "4;name=\"value\"\r\nbody\r\n0 ; last\r\nDigest: x\r\nOther: y\r\n\r\nnext",
      [](const Read& read) {
        CHECK(read.reader.state() == State::kDone);
        CHECK(read.body == "body");
      });
}

TEST_CASE("answers that are not final are passed over, but for 101", "[http][rfc9110-15.2]") {
  each_way(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      [](const Read& read) {
        CHECK(read.reader.state() == State::kDone);
        CHECK(read.reader.status() == 200);
        CHECK(read.body == "ok");
      });
  each_way("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nframes",
           [](const Read& read) {
             CHECK(read.reader.state() == State::kDone);
             CHECK(read.body.empty());
           });
  std::string many;
  for (int i = 0; i <= ResponseReader::kMaxInterim; ++i) many += "HTTP/1.1 102 Processing\r\n\r\n";
  Read read;
  read.reader.feed(many, read.body);
  CHECK(read.reader.error() == ResponseError::kTooManyInterim);
}

TEST_CASE("lines may end in LF alone, and an empty one may stand before the head",
          "[http][rfc9112-2.2]") {
  each_way("\r\nHTTP/1.1 200 OK\nContent-Type: text/plain\r\nContent-Length: 4\n\nbody",
           [](const Read& read) {
             CHECK(read.reader.state() == State::kDone);
             CHECK(read.reader.fields() == "Content-Type: text/plain\r\nContent-Length: 4\r\n");
             CHECK(read.body == "body");
           });
}

TEST_CASE("what answers HEAD has no body, whatever its length says", "[http][rfc9112-6.3]") {
  Read read;
  read.reader.expect_no_body();
  read.reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n", read.body);
  CHECK(read.reader.state() == State::kDone);
  CHECK(read.reader.keeps_alive());
}

TEST_CASE("a connection goes on as its version and its fields say", "[http][rfc9112-9.3]") {
  const auto goes_on = [](std::string_view version, std::string_view field) {
    Read read;
    read.reader.feed(
        std::string(version) + " 200 OK\r\nContent-Length: 0\r\n" + std::string(field) + "\r\n",
        read.body);
    REQUIRE(read.reader.state() == State::kDone);
    return read.reader.keeps_alive();
  };
  CHECK(goes_on("HTTP/1.1", ""));
  CHECK_FALSE(goes_on("HTTP/1.1", "Connection: Upgrade, Close\r\n"));
  CHECK_FALSE(goes_on("HTTP/1.0", ""));
  CHECK_FALSE(goes_on("HTTP/1.0", "Connection: Keep-Alive\r\n"));
}

TEST_CASE("two lengths are one only where they are the same", "[http][rfc9112-6.3]") {
  each_way("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok",
           [](const Read& read) { CHECK(read.body == "ok"); });
  for (const std::string_view lengths : {"2, 3", "-1", "2 2", "0x2", "99999999999999999999", ""}) {
    CAPTURE(lengths);
    each_way("HTTP/1.1 200 OK\r\nContent-Length: " + std::string(lengths) + "\r\n\r\nok",
             [](const Read& read) { CHECK(read.reader.error() == ResponseError::kContentLength); });
  }
}

TEST_CASE("heads and lines have a longest", "[http]") {
  const std::string field = "A: " + std::string(ResponseReader::kMaxHeadBytes, 'a');
  each_way("HTTP/1.1 200 OK\r\n\r\n", [](const Read& read) { CHECK(read.reader.status() == 200); });
  Read head;
  head.reader.feed("HTTP/1.1 200 OK\r\n", head.body);
  head.reader.feed(field, head.body);
  CHECK(head.reader.error() == ResponseError::kHeadTooLarge);
  Read whole;
  whole.reader.feed("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n", whole.body);
  CHECK(whole.reader.error() == ResponseError::kHeadTooLarge);
  Read chunk;
  chunk.reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk.body);
  chunk.reader.feed("1;" + std::string(ResponseReader::kMaxLineBytes, 'x'), chunk.body);
  CHECK(chunk.reader.error() == ResponseError::kLineTooLarge);
}

TEST_CASE("where a response was broken off is told", "[http][rfc9112-8]") {
  const auto error = [](std::string_view bytes) {
    Read read;
    read.reader.feed(bytes, read.body);
    read.reader.end();
    return read.reader.error();
  };
  CHECK(error("") == ResponseError::kEndedBefore);
  CHECK(error("HTTP/1.1 20") == ResponseError::kEndedInHead);
  CHECK(error("HTTP/1.1 100 Continue\r\n\r\n") == ResponseError::kEndedInHead);
  CHECK(error("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab") == ResponseError::kEndedInBody);
  CHECK(error("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n") ==
        ResponseError::kEndedInBody);
  CHECK(error("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n") ==
        ResponseError::kChunkEnd);
  CHECK(error("220 ftp.example ready\r\n") == ResponseError::kNotHttp);
}

TEST_CASE("every error of a response has its words", "[http]") {
  for (std::size_t i = 0; i < kResponseErrorCount; ++i) {
    CHECK_FALSE(to_text(static_cast<ResponseError>(i)).empty());
  }
}

TEST_CASE("204 has no body", "[http]") {
  each_way("HTTP/1.1 204 No Content\r\nVary: Origin\r\n\r\n",
           [](const Read& read) { CHECK(read.reader.state() == State::kDone); });
}

TEST_CASE("without a length the end of the connection ends a body, and breaks off others",
          "[http]") {
  each_way("HTTP/1.1 200 OK\r\n\r\nbo", [](Read read) {
    CHECK(read.reader.state() == State::kBody);
    read.reader.end();
    CHECK(read.reader.state() == State::kDone);
  });
  each_way("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbo", [](Read read) {
    read.reader.end();
    CHECK(read.reader.state() == State::kBroken);
  });
}

TEST_CASE("what is no response is broken", "[http]") {
  each_way("hello\r\n\r\n", [](const Read& read) { CHECK(read.reader.state() == State::kBroken); });
  each_way("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
           [](const Read& read) { CHECK(read.reader.state() == State::kBroken); });
}

}  // namespace
}  // namespace playground::http
