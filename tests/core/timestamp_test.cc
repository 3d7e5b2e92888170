#include "core/timestamp.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace playground {
namespace {

constexpr std::int64_t kMoment = 1'795'963'514'123'456;  // 2026-11-29T14:45:14.123456Z

std::optional<std::int64_t> read(const std::string& json) { return unix_micros(parse_json(json)); }

TEST_CASE("a moment is told by the size of its number", "[timestamp]") {
  CHECK(read("1795963514") == kMoment / 1'000'000 * 1'000'000);
  CHECK(read("1795963514.5") == kMoment / 1'000'000 * 1'000'000 + 500'000);
  CHECK(read("1795963514123") == kMoment / 1000 * 1000);
  CHECK(read("1795963514123.456") == kMoment);
  CHECK(read("1795963514123456") == kMoment);
  CHECK(std::abs(*read("1795963514123456789") - kMoment) <= 1);
}

TEST_CASE("a moment as in RFC 3339", "[timestamp]") {
  CHECK(read(R"("2026-11-29T14:45:14.123456Z")") == kMoment);
  CHECK(read(R"("2026-11-29t14:45:14.123456789z")") == kMoment);
  CHECK(read(R"("2026-11-29T16:45:14.123456+02:00")") == kMoment);
  CHECK(read(R"("2026-11-29 09:15:14.123456-05:30")") == kMoment);
  CHECK(read(R"("2026-11-29T14:45:14Z")") == kMoment / 1'000'000 * 1'000'000);
  CHECK(read(R"("1970-01-01T00:00:00Z")") == 0);
  CHECK(read(R"("2024-02-29T00:00:00Z")") == 1'709'164'800'000'000);
}

TEST_CASE("anything else is no moment", "[timestamp]") {
  for (const char* text :
       {"0", "-1", "true", "null", "[]", R"("")", R"("now")", R"("2026-11-29")",
        R"("2026-11-29T14:45:14")", R"("2026-11-29T14:45Z")", R"("2026-13-29T14:45:14Z")",
        R"("2025-02-29T00:00:00Z")", R"("2026-11-29T24:45:14Z")", R"("2026-11-29T14:45:14.Z")",
        R"("2026-11-29T14:45:14Zx")", R"("2026-11-29T14:45:14+0200")", "1e300"}) {
    CAPTURE(text);
    CHECK_FALSE(read(text));
  }
}

}  // namespace
}  // namespace playground
