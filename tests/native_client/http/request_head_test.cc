#include "native_client/http/request_head.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "core/field_text.h"

namespace playground::native {
namespace {

TEST_CASE("what the command line says of a field counts, and framing is the program's own",
          "[http]") {
  const Url url = *parse_url("http://user:word@a:81/b?c");
  NetworkSettings settings;
  settings.header_fields = {{"accept", "text/plain"}, {"X", "1"}, {"X", "2"}};
  const RequestHead head{"POST",
                         url,
                         {{"Accept", "application/json"}, {"Connection", "close"}, {"Y", "3"}},
                         {{"Content-Length", "4"}}};
  const std::string text = text_of(head, settings);
  CHECK(text.starts_with("POST /b?c HTTP/1.1\r\nHost: a:81\r\n"));
  CHECK(find_field(text, "Accept") == "text/plain");
  CHECK(find_field(text, "Authorization") == "Basic dXNlcjp3b3Jk");
  CHECK(text.find("X: 1\r\nX: 2\r\n") != text.npos);
  CHECK(find_field(text, "Y") == "3");
  CHECK(find_field(text, "Connection") == "");
  CHECK(text.ends_with("\r\nContent-Length: 4\r\n\r\n"));
}

TEST_CASE("a proxy gets the whole address, and its own credentials", "[http][rfc9112-3.2.2]") {
  const Url url = *parse_url("http://a/b");
  const Proxy proxy{"p", 1, "Basic eA=="};
  const RequestHead head{"GET", url, {}, {}, &proxy};
  const std::string text = text_of(head, {});
  CHECK(text.starts_with("GET http://a/b HTTP/1.1\r\nHost: a\r\n"));
  CHECK(find_field(text, "Proxy-Authorization") == "Basic eA==");
}

TEST_CASE("another server gets no credentials of the one that was asked", "[http]") {
  const Url url = *parse_url("http://elsewhere/");
  NetworkSettings settings;
  settings.header_fields = {{"authorization", "Bearer x"}, {"Cookie", "y"}, {"X", "z"}};
  RequestHead head{"GET", url};
  head.redirected_away = true;
  const std::string text = text_of(head, settings);
  CHECK(find_field(text, "Authorization") == "");
  CHECK(find_field(text, "Cookie") == "");
  CHECK(find_field(text, "X") == "z");
}

TEST_CASE("names are tokens, and values have no line ends", "[http][rfc9110-5]") {
  CHECK(is_field_name("X-Key!"));
  CHECK_FALSE(is_field_name("with space"));
  CHECK_FALSE(is_field_name(""));
  CHECK(is_field_value("caf\xc3\xa9\t!"));
  CHECK_FALSE(is_field_value("a\r\nb: c"));
  CHECK_FALSE(is_field_value(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace playground::native
