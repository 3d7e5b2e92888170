#include "core/server/faults/response_path.h"

namespace playground::server {

bool Effects::on_the_path() const {
  return delay_us != 0 || jitter_us != 0 || bytes_per_s != 0 || buffer || one_behind || stall ||
         swallow || idle_cut_us != 0 || flap_us;
}

void ResponsePath::set(const Effects& effects) {
  if (effects == effects_) return;
  effects_ = effects;
  users_.for_each([](ResponsePathUser& user) { user.effects_changed(); });
}

void ResponsePath::cut(bool reset) {
  users_.for_each([reset](ResponsePathUser& user) { user.cut(reset); });
}

void ResponsePath::close_in_order() {
  users_.for_each([](ResponsePathUser& user) { user.close_in_order(); });
}

}  // namespace playground::server
