// The server's end of a check of the path (docs/api.md, "Check"): it does what a probe asks for,
// and says what it has seen of it.
#pragma once

#include <memory>
#include <string>

#include "core/server/check/probe.h"
#include "core/server/check/probe_log.h"
#include "core/server/check/probe_session.h"
#include "core/server/check_paths.h"
#include "core/server/roster.h"

namespace playground::server {

class CheckApi final : public CheckPaths {
 public:
  // All must outlive the API.
  CheckApi(Schedule& schedule, const Limits& limits, Metrics& metrics)
      : schedule_(schedule), limits_(limits), metrics_(metrics) {}

  void answer(std::string_view path, const Request& request, Reply& reply) override;
  std::size_t readers() const override { return open_.size(); }
  void end() override;

 private:
  // Refuses, and returns false.
  bool has_room(std::string_view client, Reply& reply);

  Schedule& schedule_;
  const Limits& limits_;
  Metrics& metrics_;
  ProbeLog log_;
  Roster<ProbeSession> open_;
};

std::unique_ptr<CheckPaths> make_check_api(Schedule& schedule, const Limits& limits,
                                           Metrics& metrics);

}  // namespace playground::server
