#include "core/server/faults/way.h"

namespace playground::server {

bool Effects::on_the_way() const {
  return delay_us != 0 || jitter_us != 0 || bytes_per_s != 0 || buffer || one_behind || stall ||
         swallow || idle_cut_us != 0 || flap_us;
}

// Users may leave while they are told; none joins.
void Way::set(const Effects& effects) {
  if (effects == effects_) return;
  effects_ = effects;
  for (WayUser* user : std::unordered_set(users_)) {
    if (users_.contains(user)) user->effects_changed();
  }
}

void Way::cut(bool reset) {
  for (WayUser* user : std::unordered_set(users_)) {
    if (users_.contains(user)) user->cut(reset);
  }
}

void Way::close_in_order() {
  for (WayUser* user : std::unordered_set(users_)) {
    if (users_.contains(user)) user->close_in_order();
  }
}

}  // namespace playground::server
