#include "native_server/embedded_page.h"

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/running_server.h"

namespace playground::server {
namespace {

// A server with the page of tests/native_server/page in it.
class WithPage : public RunningServer {
 public:
  WithPage() : RunningServer(test_options(), embedded_archive()) {}
};

Coding chosen(std::string_view fields) {
  Request asked;
  asked.fields = fields;
  return choose_coding(asked, true, true);
}

TEST_CASE("the page in the program comes with its type, for pages of any origin") {
  WithPage server;
  const struct {
    const char* target;
    const char* type;
    const char* part;
  } rows[] = {
      {"/", "text/html; charset=utf-8", "A page"},
      {"/index.html", "text/html; charset=utf-8", "A page"},
      {"/?v=1", "text/html; charset=utf-8", "A page"},
      {"http://a?v=1", "text/html; charset=utf-8", "A page"},
      {"/sub/", "text/html; charset=utf-8", "A folder"},
      {"/app.js", "text/javascript; charset=utf-8", "const short"},
      {"/%61pp.js", "text/javascript; charset=utf-8", "const short"},
      {"/a%20name.txt", "text/plain; charset=utf-8", "A name"},
      {"/custom-elements.json", "application/json", "[]"},
      {"/empty.txt", "text/plain; charset=utf-8", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.target);
    const Response response = server.get(row.target);
    CHECK(response.status == 200);
    CHECK(response.header("content-type") == row.type);
    CHECK(response.body.find(row.part) != response.body.npos);
    CHECK(response.header("content-encoding").empty());
    CHECK(response.header("content-length") == std::to_string(response.body.size()));
    CHECK(response.header("access-control-allow-origin") == "*");
    CHECK(response.header("cross-origin-resource-policy") == "cross-origin");
    CHECK(response.header("x-content-type-options") == "nosniff");
    CHECK(response.header("content-security-policy") == "frame-ancestors 'self'");
    CHECK(response.header("vary") == "Accept-Encoding");
    CHECK(response.header("playground") == "1");
  }
  CHECK(server.get("/embed.html").header("content-security-policy").empty());
}

TEST_CASE("what is worth it is sent compressed, each coding under a tag of its own") {
  WithPage server;
  const Response plain = server.get("/");
  const Response brotli = server.get("/", "Accept-Encoding: gzip, deflate, br\r\n");
  const Response gzip = server.get("/", "Accept-Encoding: gzip\r\n");
  CHECK(brotli.header("content-encoding") == "br");
  CHECK(gzip.header("content-encoding") == "gzip");
  CHECK(gzip.body.substr(0, 2) == "\x1f\x8b");  // RFC 1952 2.3.1
  CHECK(brotli.body.size() < plain.body.size());
  CHECK(gzip.body.size() < plain.body.size());
  CHECK(plain.header("etag") != brotli.header("etag"));
  CHECK(brotli.header("etag") != gzip.header("etag"));
  // Too small for it.
  CHECK(server.get("/app.js", "Accept-Encoding: br\r\n").header("content-encoding").empty());
  // RFC 9110 14.2
  CHECK(server.get("/", "Range: bytes=0-3\r\n").body == plain.body);
}

TEST_CASE("the coding is the one the client likes best", "[RFC 9110 12.5.3]") {
  const struct {
    const char* field;
    Coding wanted;
  } rows[] = {
      {"", Coding::kIdentity},
      {"Accept-Encoding:\r\n", Coding::kIdentity},
      {"Accept-Encoding: br\r\n", Coding::kBrotli},
      {"Accept-Encoding: gzip, br\r\n", Coding::kBrotli},
      {"Accept-Encoding: GZIP\r\n", Coding::kGzip},
      {"Accept-Encoding: x-gzip\r\n", Coding::kGzip},
      {"Accept-Encoding: gzip\r\nAccept-Encoding: br\r\n", Coding::kBrotli},
      {"Accept-Encoding: gzip;q=1.0, br;q=0.5\r\n", Coding::kGzip},
      {"Accept-Encoding: gzip ; q=0.4 , br;Q=0.5\r\n", Coding::kBrotli},
      {"Accept-Encoding: br;q=0, gzip\r\n", Coding::kGzip},
      {"Accept-Encoding: br;q=0.000, *\r\n", Coding::kGzip},
      {"Accept-Encoding: *\r\n", Coding::kBrotli},
      {"Accept-Encoding: *;q=0.3, gzip\r\n", Coding::kGzip},
      {"Accept-Encoding: *;q=0, gzip\r\n", Coding::kGzip},
      {"Accept-Encoding: *;q=0\r\n", Coding::kIdentity},
      {"Accept-Encoding: identity\r\n", Coding::kIdentity},
      {"Accept-Encoding: identity, br;q=0.9\r\n", Coding::kIdentity},
      {"Accept-Encoding: identity;q=0.5, gzip;q=0.5\r\n", Coding::kGzip},
      {"Accept-Encoding: deflate, zstd\r\n", Coding::kIdentity},
      {"Accept-Encoding: br;q=2, gzip;q=x\r\n", Coding::kIdentity},
      {"Accept-Encoding: ,,;q=1,br\r\n", Coding::kBrotli},
      {"Accept-Encoding: brr, xbr\r\n", Coding::kIdentity},
  };
  for (const auto& row : rows) {
    CAPTURE(row.field);
    CHECK(chosen(row.field) == row.wanted);
  }
  Request asked;
  asked.fields = "Accept-Encoding: br, gzip;q=0.1\r\n";
  CHECK(choose_coding(asked, false, true) == Coding::kGzip);
  CHECK(choose_coding(asked, false, false) == Coding::kIdentity);
}

TEST_CASE("only a name that has a hash of the bytes is kept without asking") {
  WithPage server;
  for (const char* target :
       {"/playground-chunk-ABCDEFG2.js", "/guide/assets/page.md.Ab_-1234.lean.js"}) {
    CAPTURE(target);
    CHECK(server.get(target).header("cache-control") == "public, max-age=31536000, immutable");
  }
  for (const char* target : {"/", "/app.js", "/custom-elements.json", "/guide/assets/plain.js"}) {
    CAPTURE(target);
    CHECK(server.get(target).header("cache-control") == "no-cache");
  }
}

TEST_CASE("what the client has already is not sent again", "[RFC 9110 13.1.2]") {
  WithPage server;
  const std::string tag = server.get("/").header("etag");
  for (const std::string& list : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    CAPTURE(list);
    const Response response = server.get("/", "If-None-Match: " + list + "\r\n");
    CHECK(response.status == 304);
    CHECK(response.body.empty());
    CHECK(response.header("etag") == tag);
    CHECK(response.header("vary") == "Accept-Encoding");
    CHECK(response.header("cache-control") == "no-cache");
    CHECK(response.headers.count("content-length") == 0);
  }
  // A tag of other bytes, be they the same file compressed.
  CHECK(server.get("/", "If-None-Match: \"x\"\r\n").status == 200);
  CHECK(server.get("/", "If-None-Match: " + tag + "\r\nAccept-Encoding: br\r\n").status == 200);
}

TEST_CASE("a folder of the page in the program is redirected to its own name with a slash") {
  WithPage server;
  const struct {
    const char* target;
    const char* location;
  } rows[] = {
      {"/sub", "./sub/"},
      {"/sub?v=1", "./sub/?v=1"},
      {"/s%75b", "./s%75b/"},
      {"http://a/sub", "./sub/"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.target);
    const Response response = server.get(row.target);
    CHECK(response.status == 301);
    CHECK(response.header("location") == row.location);
  }
}

TEST_CASE("the page in the program has no other names") {
  WithPage server;
  for (const char* target :
       {"/none", "//", "//sub", "//index.html", "/sub//", "/./index.html", "/sub/../index.html",
        "/%2e%2e/index.html", "/..%2findex.html", "/index.html/", "/INDEX.HTML", "/%00",
        "/app.js%00", "/guide", "/guide/", "/sub%2f%2f", "/%2fsub"}) {
    CAPTURE(target);
    const Response response = server.get(target);
    CHECK((response.status == 404 || response.status == 400));
    CHECK(response.body.starts_with("{\"error\":\""));
  }
}

TEST_CASE("the page in the program is read and nothing else") {
  WithPage server;
  Client client(server.port());
  client.send(request("HEAD", "/") + request("GET", "/"));
  const Response head = client.read_head();
  CHECK(head.status == 200);
  CHECK(head.header("content-length") == client.read_response().header("content-length"));
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    CAPTURE(method);
    const Response response = fetch(server.port(), request(method, "/app.js"));
    CHECK(response.status == 405);
    CHECK(response.header("allow") == "GET, HEAD");
  }
}

TEST_CASE("a server without a page says so where it would be") {
  RunningServer server;
  const Response response = server.get("/");
  CHECK(response.status == 404);
  CHECK(response.body.find("built without the page") != response.body.npos);
  CHECK(response.body.find("--web") != response.body.npos);
}

TEST_CASE("a damaged archive is refused") {
  const std::string whole(embedded_archive());
  REQUIRE_NOTHROW(EmbeddedPage(whole));
  for (const std::string& archive :
       {std::string("x"), std::string("playground page 2\n\n"), "x" + whole,
        whole.substr(0, whole.find("\n\n")), whole.substr(0, whole.size() - 1)}) {
    CHECK_THROWS_AS(EmbeddedPage(archive), std::runtime_error);
  }
}

}  // namespace
}  // namespace playground::server
