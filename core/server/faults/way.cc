#include "core/server/faults/way.h"

namespace playground::server {

bool Effects::on_the_way() const {
  return delay_us != 0 || jitter_us != 0 || bytes_per_s != 0 || buffer || one_behind || stall ||
         swallow || idle_cut_us != 0 || flap_us;
}

void Way::set(const Effects& effects) {
  if (effects == effects_) return;
  effects_ = effects;
  users_.for_each([](WayUser& user) { user.effects_changed(); });
}

void Way::cut(bool reset) {
  users_.for_each([reset](WayUser& user) { user.cut(reset); });
}

void Way::close_in_order() {
  users_.for_each([](WayUser& user) { user.close_in_order(); });
}

}  // namespace playground::server
