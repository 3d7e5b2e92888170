#include "core/check/words.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace playground::check {
namespace {

TEST_CASE("every finding has a title and says what was seen, of every transport and every how") {
  for (std::size_t code = 0; code < kCodeCount; ++code) {
    for (const TransportId transport : kCheckedTransports) {
      for (int how = 0; how <= static_cast<int>(How::kSlow); ++how) {
        Finding finding;
        finding.code = static_cast<Code>(code);
        finding.transport = transport;
        finding.how = static_cast<How>(how);
        finding.what = "x";
        finding.names = {"Via", "X-One", "X-Two"};
        CAPTURE(name(finding.code), how);
        CHECK_FALSE(title(finding).empty());
        CHECK(title(finding).find("  ") == std::string::npos);
        if (finding.code != Code::kCouldNotTell) CHECK_FALSE(seen(finding).empty());
      }
    }
  }
}

TEST_CASE(
    "the lines of configuration are those of what stands between, or of all where nobody says") {
  Finding held;
  held.code = Code::kHeld;
  held.severity = Severity::kTrouble;
  held.transport = TransportId::kSse;
  const auto of_operator = [&](const std::vector<Software>& known) {
    std::vector<std::string_view> names;
    for (const Remedy& each : remedies(held, known)) {
      if (each.who == Who::kOperator) names.push_back(each.software);
    }
    return names;
  };
  CHECK(of_operator({Software::kNginx}) == std::vector<std::string_view>{"nginx"});
  CHECK(of_operator({}).size() == 8);
  // A load balancer that holds nothing has no line for it: then it may be anybody's.
  CHECK(of_operator({Software::kAlb}).size() == 8);
}

TEST_CASE("what stands between is known by what it calls itself") {
  const std::vector<std::string> names{
      "nginx/1.22.1", "Apache/2.4.62 (Debian)", "varnish", "squid/5.7", "Caddy", "something"};
  CHECK(software(names) == std::vector<Software>{Software::kNginx, Software::kApache,
                                                 Software::kVarnish, Software::kSquid,
                                                 Software::kCaddy});
}

TEST_CASE("what a tried remedy says is tried was seen") {
  Finding held;
  held.code = Code::kHeld;
  held.transport = TransportId::kSse;
  for (const bool plain_only : {false, true}) {
    held.plain_only = plain_only;
    bool tried = false;
    for (const Remedy& each : remedies(held, {})) tried |= each.tried;
    CHECK(tried == plain_only);
  }
}

TEST_CASE("times and sizes are as exact as they were seen") {
  CHECK(seconds_text(60'000'000) == "60 s");
  CHECK(seconds_text(49'960'000) == "50 s");
  CHECK(seconds_text(4'120'000) == "4.1 s");
  CHECK(seconds_text(301'900'000) == "302 s");
  CHECK(http_text("http/1.1") == "HTTP/1.1");
  CHECK(http_text("h2") == "HTTP/2");
  CHECK(bytes_text(900) == "900 bytes");
  CHECK(bytes_text(4096) == "4 KiB");
  CHECK(bytes_text(1'500'000) == "1.4 MiB");
}

}  // namespace
}  // namespace playground::check
