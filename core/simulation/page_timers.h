// A page's setTimeout: whole milliseconds, and slower while the page is hidden.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/simulation/browser_profile.h"

namespace playground::simulation {

class PageTimers {
 public:
  using OnDue = std::function<void(std::uint32_t id)>;

  // `zero` is where the page's clock begins: steps are counted from there. All outlive the timers.
  PageTimers(const BrowserProfile& browser, server::Schedule& schedule, Micros zero, OnDue on_due);
  PageTimers(const PageTimers&) = delete;
  PageTimers& operator=(const PageTimers&) = delete;

  // `id` is higher than any before.
  void set(std::uint32_t id, Micros delay);
  void cancel(std::uint32_t id);
  // Timers that a hidden page has kept waiting are due at once when it is shown.
  void set_visible(bool visible);
  // None fires while the machine sleeps; those that were due then fire when it wakes.
  void set_asleep(bool asleep);

 private:
  void ring();
  void rearm();
  // When a timer that is due then fires.
  Micros fires_at(Micros due) const;

  const BrowserProfile& browser_;
  server::Schedule& schedule_;
  const Micros zero_;
  const OnDue on_due_;
  bool visible_ = true;
  bool asleep_ = false;
  Micros hidden_since_ = 0;
  std::uint32_t newest_ = 0;
  struct Pending {
    Micros due;
    std::uint32_t id;
  };
  std::vector<Pending> pending_;  // a page has few; the next one is the last
  server::Alarm alarm_;
};

}  // namespace playground::simulation
