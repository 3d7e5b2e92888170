#include "core/measure/delivery_ledger.h"

#include <set>

#include <catch2/catch_test_macros.hpp>

#include "core/random.h"

namespace playground::measure {
namespace {

TEST_CASE("a gap counts as missing until it is filled") {
  DeliveryLedger ledger;
  CHECK(ledger.record(1) == Arrival::kInOrder);
  CHECK(ledger.record(4) == Arrival::kInOrder);
  CHECK(ledger.missing() == 2);
  CHECK_FALSE(ledger.has(2));
  CHECK(ledger.record(3) == Arrival::kReordered);
  CHECK(ledger.record(3) == Arrival::kDuplicate);
  CHECK(ledger.record(2) == Arrival::kReordered);
  CHECK(ledger.missing() == 0);
  CHECK(ledger.duplicate() == 1);
  CHECK(ledger.reordered() == 2);
  CHECK(ledger.delivered() == 4);
  CHECK(ledger.highest() == 4);
}

TEST_CASE("a stream that begins late is missing its beginning") {
  DeliveryLedger ledger;
  ledger.record(10);
  CHECK(ledger.missing() == 9);
}

TEST_CASE("a new epoch counts from 1 again and keeps the sums") {
  DeliveryLedger ledger;
  ledger.record(1);
  ledger.record(3);
  ledger.begin_epoch();
  CHECK(ledger.record(1) == Arrival::kInOrder);
  CHECK(ledger.missing() == 1);
  CHECK(ledger.delivered() == 3);
}

TEST_CASE("any order of arrivals is counted as a set would count it") {
  Random random(7);
  for (int round = 0; round < 200; ++round) {
    DeliveryLedger ledger;
    std::set<std::uint64_t> seen;
    std::uint64_t duplicates = 0;
    std::uint64_t highest = 0;
    for (int i = 0; i < 60; ++i) {
      const std::uint64_t seq = 1 + random.next() % 40;
      if (!seen.insert(seq).second) ++duplicates;
      highest = std::max(highest, seq);
      ledger.record(seq);
    }
    REQUIRE(ledger.delivered() == seen.size());
    REQUIRE(ledger.duplicate() == duplicates);
    REQUIRE(ledger.missing() == highest - seen.size());
    for (std::uint64_t seq = 1; seq <= 41; ++seq) REQUIRE(ledger.has(seq) == seen.contains(seq));
  }
}

TEST_CASE("more gaps than are remembered stay missing") {
  DeliveryLedger ledger;
  const std::uint64_t gaps = DeliveryLedger::kMaxGaps + 10;
  for (std::uint64_t i = 1; i <= gaps; ++i) ledger.record(2 * i);
  CHECK(ledger.missing() == gaps);
  CHECK(ledger.record(1) == Arrival::kDuplicate);
  CHECK(ledger.record(2 * gaps - 1) == Arrival::kReordered);
}

TEST_CASE("what the sender says will not come is missing at once, and may come after all") {
  DeliveryLedger ledger;
  ledger.record(1);
  ledger.skip_to(4);
  CHECK(ledger.missing() == 3);
  CHECK(ledger.highest() == 4);
  ledger.record(5);
  CHECK(ledger.missing() == 3);
  CHECK(ledger.record(3) == Arrival::kReordered);
  CHECK(ledger.missing() == 2);
  ledger.skip_to(2);  // what is past already is not skipped
  CHECK(ledger.highest() == 5);
  CHECK(ledger.missing() == 2);
}

}  // namespace
}  // namespace playground::measure
