#include "core/server/faults/way.h"

#include <algorithm>

namespace playground::server {

bool Effects::on_the_way() const {
  return delay_us != 0 || jitter_us != 0 || bytes_per_s != 0 || buffer || one_behind || stall ||
         swallow || idle_cut_us != 0 || flap_us;
}

// Users may leave while they are told; none joins.
template <typename Tell>
void Way::tell_users(Tell tell) {
  const std::vector<WayUser*> all = users_;
  for (WayUser* user : all) {
    if (std::find(users_.begin(), users_.end(), user) != users_.end()) tell(*user);
  }
}

void Way::set(const Effects& effects) {
  if (effects == effects_) return;
  effects_ = effects;
  tell_users([](WayUser& user) { user.effects_changed(); });
}

void Way::cut(bool reset) {
  tell_users([reset](WayUser& user) { user.cut(reset); });
}

void Way::close_in_order() {
  tell_users([](WayUser& user) { user.close_in_order(); });
}

}  // namespace playground::server
