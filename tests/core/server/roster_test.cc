#include "core/server/roster.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace playground::server {
namespace {

struct Member : Roster<Member>::Seat {
  explicit Member(char with_name) : name(with_name) {}
  char name;
};

// Members a to e, and what a walk does at one of them.
struct RosterScene {
  RosterScene() {
    for (const char name : {'a', 'b', 'c', 'd', 'e'}) add(name);
  }
  void add(char name) {
    members.push_back(std::make_unique<Member>(name));
    roster.join(*members.back());
  }
  Member& member(char name) { return *members[static_cast<std::size_t>(name - 'a')]; }
  void leave(char name) { CHECK(roster.leave(member(name))); }

  std::string walk(char at = 0, const std::function<void()>& act = {}) {
    std::string visited;
    roster.for_each([&](Member& each) {
      visited += each.name;
      if (each.name == at) act();
    });
    return visited;
  }

  Roster<Member> roster;
  std::vector<std::unique_ptr<Member>> members;
};

TEST_CASE("members are visited in the order in which they joined") {
  RosterScene f;
  CHECK(f.walk() == "abcde");
  f.leave('a');
  f.leave('c');
  f.leave('e');
  CHECK(f.walk() == "bd");
  f.roster.join(f.member('a'));
  CHECK(f.walk() == "bda");
  CHECK(f.roster.size() == 3);
}

TEST_CASE("whoever leaves during a walk is not visited any more, and nobody is missed") {
  for (char at = 'a'; at <= 'e'; ++at) {
    for (char gone = 'a'; gone <= 'e'; ++gone) {
      RosterScene f;
      std::string expected = "abcde";
      if (gone > at) std::erase(expected, gone);
      CAPTURE(at, gone);
      CHECK(f.walk(at, [&] { f.leave(gone); }) == expected);
      CHECK(f.roster.size() == 4);
    }
  }
}

TEST_CASE("all may leave during a walk, or be destroyed") {
  for (char at = 'a'; at <= 'e'; ++at) {
    RosterScene f;
    const std::string expected =
        std::string("abcde").substr(0, static_cast<std::size_t>(at - 'a') + 1);
    CHECK(f.walk(at, [&] { f.members.clear(); }) == expected);
    CHECK(f.roster.size() == 0);
    CHECK(f.walk().empty());
  }
}

TEST_CASE("whoever joins during a walk is visited by the next one") {
  RosterScene f;
  CHECK(f.walk('e', [&] { f.add('f'); }) == "abcde");
  CHECK(f.walk() == "abcdef");
  // Even who leaves and comes back.
  CHECK(f.walk('b', [&] {
    f.leave('d');
    f.roster.join(f.member('d'));
    f.leave('f');
    f.roster.join(f.member('f'));
  }) == "abce");
  CHECK(f.walk() == "abcedf");
}

TEST_CASE("a walk within a walk sees who left in it, and so does the outer one") {
  RosterScene f;
  std::string inner;
  const std::string outer = f.walk('b', [&] {
    inner = f.walk('c', [&] {
      f.leave('c');
      f.leave('d');
    });
  });
  CHECK(inner == "abce");
  CHECK(outer == "abe");
}

TEST_CASE("to leave twice, or a roster one is not in, changes nothing") {
  RosterScene f;
  f.leave('a');
  CHECK_FALSE(f.roster.leave(f.member('a')));
  Roster<Member> other;
  CHECK_FALSE(other.leave(f.member('b')));
  CHECK(f.walk() == "bcde");
}

TEST_CASE("members outlive their roster") {
  Member member('a');
  {
    Roster<Member> roster;
    roster.join(member);
  }
  Roster<Member> next;
  next.join(member);
  CHECK(next.size() == 1);
}

}  // namespace
}  // namespace playground::server
