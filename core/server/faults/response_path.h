// The path between the server and one lane's readers on one transport, with whatever is wrong with
// it now. A channel's fault board says what that is; connections ask, and are told when it changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/random.h"
#include "core/server/roster.h"

namespace playground::server {

// The faults of core/fault.h that are in force, added up.
struct Effects {
  // On the path of the bytes: an Impairment plays these.
  std::int64_t delay_us = 0;
  std::int64_t jitter_us = 0;
  double bytes_per_s = 0;                  // 0: no limit
  std::optional<std::size_t> buffer = {};  // bytes; 0: until the response ends
  bool one_behind = false;
  bool stall = false;
  bool swallow = false;                      // of a WebSocket: every frame, both ways, for good
  std::int64_t idle_cut_us = 0;              // 0: never
  std::optional<std::int64_t> flap_us = {};  // of a WebSocket: from its beginning to its end
  // At the door.
  int status = 0;  // 0: the request's own answer
  int upgrade_status = 0;
  bool upgrade_hang = false;
  std::int64_t upgrade_poison_us = 0;
  // In the server's own bookkeeping.
  bool control_id = false;
  std::uint64_t replay = 0;

  bool operator==(const Effects&) const = default;
  bool on_the_path() const {
    return delay_us != 0 || jitter_us != 0 || bytes_per_s != 0 || buffer || one_behind || stall ||
           swallow || idle_cut_us != 0 || flap_us;
  }
};

// A connection that takes the path.
class ResponsePathUser : public Roster<ResponsePathUser>::Seat {
 public:
  virtual void effects_changed() = 0;
  // Ends it now: with FIN, or with RST.
  virtual void cut(bool reset) = 0;
  // Ends the stream as the server itself would.
  virtual void close_in_order() = 0;

 protected:
  ~ResponsePathUser() = default;
};

class ResponsePath {
 public:
  ResponsePath(std::string lane, std::string transport, std::uint64_t seed)
      : lane_(std::move(lane)), transport_(std::move(transport)), random_(seed) {}

  const std::string& lane() const { return lane_; }
  const std::string& transport() const { return transport_; }
  const Effects& effects() const { return effects_; }
  Random& random() { return random_; }

  void set(const Effects& effects) {
    if (effects == effects_) return;
    effects_ = effects;
    users_.for_each([](ResponsePathUser& user) { user.effects_changed(); });
  }
  void cut(bool reset) {
    users_.for_each([reset](ResponsePathUser& user) { user.cut(reset); });
  }
  void close_in_order() {
    users_.for_each([](ResponsePathUser& user) { user.close_in_order(); });
  }

  void join(ResponsePathUser& user) { users_.join(user); }
  void leave(ResponsePathUser& user) { users_.leave(user); }

 private:
  const std::string lane_;
  const std::string transport_;
  Random random_;
  Effects effects_;
  Roster<ResponsePathUser> users_;
};

}  // namespace playground::server
