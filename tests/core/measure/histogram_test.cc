#include "core/measure/histogram.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "core/random.h"

namespace playground::measure {
namespace {

TEST_CASE("a histogram without a value answers 0") {
  const Histogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.percentile(50) == 0);
  CHECK(histogram.max() == 0);
}

TEST_CASE("small values are exact, and a single value is every percentile") {
  for (const std::int64_t value : {0, 1, 127, 128, 255}) {
    Histogram histogram;
    histogram.record(value);
    for (const double percent : {0.0, 50.0, 100.0}) CHECK(histogram.percentile(percent) == value);
  }
}

TEST_CASE("every value is read back within the stated precision, never below itself") {
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = static_cast<std::int64_t>(std::exp(random.unit() * std::log(3.6e9)));
    Histogram histogram;
    histogram.record(value);
    histogram.record(Histogram::kLargest);  // so that max() does not round it down
    const std::int64_t read = histogram.percentile(50);
    CAPTURE(value, read);
    REQUIRE(read >= value);
    REQUIRE(static_cast<double>(read - value) <= static_cast<double>(value) / 128);
  }
}

TEST_CASE("percentiles are those of the sorted values") {
  Random random(2);
  Histogram histogram;
  std::vector<std::int64_t> values;
  for (int i = 0; i < 9'999; ++i) {
    values.push_back(static_cast<std::int64_t>(random.next() % 1'000'000));
    histogram.record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double percent : {1.0, 50.0, 95.0, 99.0, 99.9}) {
    const auto exact =
        static_cast<double>(values[static_cast<std::size_t>(std::ceil(percent / 100 * 9'999)) - 1]);
    const auto read = static_cast<double>(histogram.percentile(percent));
    CAPTURE(percent, exact, read);
    CHECK(read >= exact);
    CHECK(read <= exact * (1 + 1.0 / 128));
  }
  CHECK(histogram.percentile(100) == values.back());
  CHECK(histogram.max() == values.back());
}

TEST_CASE("values outside the range count at its ends") {
  Histogram histogram;
  histogram.record(-5);
  CHECK(histogram.max() == 0);
  histogram.record(Histogram::kLargest * 2);
  CHECK(histogram.count() == 2);
  CHECK(histogram.max() == Histogram::kLargest);
  histogram.reset();
  CHECK(histogram.count() == 0);
}

TEST_CASE("every value lies in one part, at most an eighth below what the part can hold") {
  CHECK(Histogram().parts().empty());
  for (std::int64_t value = 0; value <= Histogram::kLargest; value += 1 + value / 50) {
    Histogram histogram;
    histogram.record(value);
    const auto parts = histogram.parts();
    REQUIRE(parts.size() == 1);
    CHECK(parts[0].count == 1);
    CHECK(parts[0].largest >= value);
    CHECK(parts[0].largest - value <= value / 8);
  }
}

TEST_CASE("parts ascend, and hold every value together") {
  Random random(3);
  Histogram histogram;
  for (int i = 0; i < 2000; ++i) {
    histogram.record(static_cast<std::int64_t>(std::exp(random.unit() * 20)));
  }
  std::uint64_t sum = 0;
  std::int64_t before = -1;
  for (const auto& [largest, count] : histogram.parts()) {
    CHECK(largest > before);
    CHECK(count > 0);
    before = largest;
    sum += count;
  }
  CHECK(sum == histogram.count());
}

}  // namespace
}  // namespace playground::measure
