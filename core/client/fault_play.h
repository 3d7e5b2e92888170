// The faults that a run has asked for: which are in force now, and when one begins or ends.
#ifndef PLAYGROUND_CORE_CLIENT_FAULT_PLAY_H_
#define PLAYGROUND_CORE_CLIENT_FAULT_PLAY_H_

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/client/host.h"
#include "core/client/transport_id.h"
#include "core/fault.h"

namespace playground::client {

class FaultPlay {
 public:
  enum class Change { kBegins, kEnds };
  using OnChange = std::function<void(const Fault&, Change)>;

  // The channel begins, with the faults of its scenario.
  void begin(std::span<const Fault> scenario, Micros now);
  void add(const Fault& fault, Micros now);
  // Ends all of them.
  void clear() { played_.clear(); }

  // Tells what has changed up to `now`, in order.
  void step(Micros now, const OnChange& on_change);
  // When step() will have something to tell.
  std::optional<Micros> next() const;
  // In force at the last step().
  std::vector<Fault> active() const;

 private:
  struct Played {
    Fault fault;
    Micros begin;
    std::optional<Micros> end;  // none: until it is lifted
    bool begun = false;
  };
  std::vector<Played> played_;
};

// "everything comes 200 ms late"; with whom it concerns, where that is not everyone.
std::string fault_sentence(const Fault& fault);
// "delay", for the moment on the time line at which it begins.
std::string_view fault_word(const Fault& fault);
// Whether a lane that was asked to be one transport and runs another may feel it.
bool concerns(const Fault& fault, TransportId asked, TransportId running);

}  // namespace playground::client

#endif  // PLAYGROUND_CORE_CLIENT_FAULT_PLAY_H_
