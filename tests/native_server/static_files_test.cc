#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/native_server/support/running_server.h"

namespace playground::server {
namespace {

namespace fs = std::filesystem;

// A folder with a page, beside a file that must stay secret.
class Web {
 public:
  Web() {
    fs::create_directories(root_ / "web" / "sub");
    write("secret.txt", "secret");
    write("web/index.html", "<p>page");
    write("web/sub/index.html", "<p>sub");
    write("web/app.js", "js");
    write("web/style.css", "css");
    write("web/core.wasm", std::string("\0asm", 4));
    write("web/empty.txt", "");
    fs::create_symlink(root_ / "secret.txt", root_ / "web" / "link.txt");
  }
  ~Web() { fs::remove_all(root_); }
  Web(const Web&) = delete;
  Web& operator=(const Web&) = delete;

  Options options() const {
    Options options = test_options();
    options.web = (root_ / "web").string();
    return options;
  }

 private:
  void write(const char* name, std::string_view text) const {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }

  fs::path root_ = fs::temp_directory_path() / ("playground-web-" + std::to_string(getpid()));
};

TEST_CASE("files come with their type, revalidated each time, for modules of any origin") {
  Web web;
  RunningServer server(web.options());
  const struct {
    const char* target;
    const char* type;
    std::string body;
  } rows[] = {
      {"/", "text/html; charset=utf-8", "<p>page"},
      {"/index.html", "text/html; charset=utf-8", "<p>page"},
      {"/sub/", "text/html; charset=utf-8", "<p>sub"},
      {"/app.js", "text/javascript; charset=utf-8", "js"},
      {"/app.js?v=1", "text/javascript; charset=utf-8", "js"},
      {"/style.css", "text/css; charset=utf-8", "css"},
      {"/core.wasm", "application/wasm", std::string("\0asm", 4)},
  };
  for (const auto& row : rows) {
    CAPTURE(row.target);
    const Response response = server.get(row.target);
    CHECK(response.status == 200);
    CHECK(response.header("content-type") == row.type);
    CHECK(response.body == row.body);
    CHECK(response.header("access-control-allow-origin") == "*");
    CHECK(response.header("cross-origin-resource-policy") == "cross-origin");
    CHECK(response.header("cache-control") == "no-cache");
    CHECK(response.header("x-content-type-options") == "nosniff");
    CHECK(response.header("content-security-policy") == "frame-ancestors 'self'");
    CHECK_FALSE(response.header("date").empty());
    CHECK_FALSE(response.header("etag").empty());
  }
}

TEST_CASE("a file that has not changed is not sent again") {
  Web web;
  RunningServer server(web.options());
  const std::string etag = server.get("/app.js").header("etag");
  const Response response = server.get("/app.js", "If-None-Match: " + etag + "\r\n");
  CHECK(response.status == 304);
  CHECK(response.body.empty());
  CHECK(response.headers.count("content-length") == 0);
}

TEST_CASE("nothing outside the folder is served") {
  Web web;
  RunningServer server(web.options());
  for (const char* target :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/sub/../../secret.txt",
        "/sub/%2e%2e/%2e%2e/secret.txt", "/link.txt", "//etc/passwd", "/..\\secret.txt",
        "/%00/../secret.txt", "/app.js%00.html"}) {
    CAPTURE(target);
    const Response response = server.get(target);
    CHECK((response.status == 404 || response.status == 403 || response.status == 400));
    CHECK(response.body.starts_with("{\"error\":\""));
  }
}

TEST_CASE("a folder is redirected to its own name with a slash, never to another host") {
  Web web;
  RunningServer server(web.options());
  const Response response = server.get("/sub");
  CHECK(response.status == 301);
  CHECK(response.header("location") == "./sub/");
  CHECK(server.get("//sub").status == 404);
}

// A browser does not follow two Locations.
TEST_CASE("no field is in an answer twice") {
  Web web;
  RunningServer server(web.options());
  for (const std::string& asked :
       {request("GET", "/sub"), request("GET", "/sub/"), request("GET", "/app.js"),
        request("HEAD", "/app.js"), request("GET", "/app.js", "Range: bytes=0-0\r\n"),
        request("GET", "/app.js", "Range: bytes=99-\r\n"), request("POST", "/app.js"),
        request("GET", "/none"), request("GET", "//sub"), request("GET", "/healthz"),
        request("GET", "/", "Connection: close\r\n"),
        std::string("GET /app.js HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")}) {
    CAPTURE(asked);
    Client client(server.port());
    client.send(asked);
    const Response response = client.read_head();
    for (const auto& [name, value] : response.headers) {
      CAPTURE(name, value);
      CHECK(response.headers.count(name) == 1);
    }
  }
}

TEST_CASE("a file is found by a target with scheme and authority", "[RFC 9112 3.2.2]") {
  Web web;
  RunningServer server(web.options());
  CHECK(server.get("http://a/app.js?v=1").body == "js");
  CHECK(server.get("http://a").status == server.get("/").status);
  CHECK(server.get("http://evil.example/app.js").status == 421);
}

TEST_CASE("an empty file is an empty answer") {
  Web web;
  RunningServer server(web.options());
  const Response response = server.get("/empty.txt");
  CHECK(response.status == 200);
  CHECK(response.body.empty());
}

TEST_CASE("files are read and nothing else") {
  Web web;
  RunningServer server(web.options());
  const Response response = server.post("/app.js", "x");
  CHECK(response.status == 405);
  CHECK(response.header("allow") == "GET, HEAD");
  Client client(server.port());
  client.send(request("HEAD", "/app.js") + request("GET", "/app.js"));
  CHECK(client.read_head().header("content-length") == "2");
  CHECK(client.read_response().body == "js");
}

}  // namespace
}  // namespace playground::server
