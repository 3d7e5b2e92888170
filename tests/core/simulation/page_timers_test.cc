#include "core/simulation/page_timers.h"

#include <map>

#include <catch2/catch_test_macros.hpp>

#include "core/client/host.h"

namespace playground::simulation {
namespace {

using client::kMillisecond;
using client::kSecond;

struct TimersScene {
  explicit TimersScene(BrowserKind browser)
      : timers(profile(browser), time.schedule(), 0,
               [this](std::uint32_t id) { fired[id] = time.now_us(); }) {}
  // When a timer set at `at` for `delay` fired.
  Micros fires(Micros at, Micros delay) {
    time.advance(at);
    const std::uint32_t id = ++last_id;
    timers.set(id, delay);
    time.advance(at + delay + 100 * kSecond);
    return fired.at(id);
  }

  VirtualTime time{0};
  PageTimers timers;
  std::map<std::uint32_t, Micros> fired;
  std::uint32_t last_id = 0;
};

TEST_CASE("a timer of a page that is shown is due to the millisecond", "[simulation]") {
  TimersScene scene(BrowserKind::kChromium);
  CHECK(scene.fires(0, 1500 * kMillisecond) == 1500 * kMillisecond);
  CHECK(scene.fires(200 * kSecond, 1) == 200 * kSecond + kMillisecond);
}

TEST_CASE("a hidden page's timers fire once a second, in Chromium after five minutes once a minute",
          "[simulation]") {
  for (const BrowserKind browser : {BrowserKind::kChromium, BrowserKind::kFirefox}) {
    TimersScene scene(browser);
    scene.timers.set_visible(false);
    CHECK(scene.fires(0, 1500 * kMillisecond) == 2 * kSecond);
    CHECK(scene.fires(250 * kSecond, 10 * kMillisecond) == 251 * kSecond);
    const bool chromium = browser == BrowserKind::kChromium;
    CHECK(scene.fires(400 * kSecond, 1500 * kMillisecond) == (chromium ? 420 : 402) * kSecond);
  }
}

TEST_CASE("timers that waited while the page was hidden are due when it is shown", "[simulation]") {
  TimersScene scene(BrowserKind::kChromium);
  scene.timers.set_visible(false);
  scene.time.advance(600 * kSecond);
  scene.timers.set(7, 1500 * kMillisecond);
  scene.time.advance(610 * kSecond);
  CHECK_FALSE(scene.fired.contains(7));
  scene.timers.set_visible(true);
  scene.time.advance(610 * kSecond);
  CHECK(scene.fired.at(7) == 610 * kSecond);
}

TEST_CASE("a cancelled timer does not fire", "[simulation]") {
  TimersScene scene(BrowserKind::kFirefox);
  scene.timers.set(1, kSecond);
  scene.timers.set(2, kSecond);
  scene.timers.cancel(1);
  scene.time.advance(5 * kSecond);
  CHECK_FALSE(scene.fired.contains(1));
  CHECK(scene.fired.contains(2));
}

}  // namespace
}  // namespace playground::simulation
