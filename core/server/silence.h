// A request that never gets an answer.
#pragma once

#include <string>
#include <string_view>

#include "core/server/session.h"

namespace playground::server {

class Silence final : public Session {
 public:
  void begin(Outlet& outlet, std::string) override { outlet_ = &outlet; }
  bool on_bytes(std::string_view) override { return true; }
  void end() override { outlet_->finish(); }

 private:
  Outlet* outlet_ = nullptr;
};

}  // namespace playground::server
