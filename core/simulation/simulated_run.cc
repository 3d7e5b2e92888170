#include "core/simulation/simulated_run.h"

#include <algorithm>

namespace playground::simulation {
namespace {

WorldSettings world_settings(const client::Settings& settings) {
  const client::Simulated& simulated = *settings.simulated;
  WorldSettings world;
  world.page.server = settings.server;
  world.page.browser = simulated.firefox ? BrowserKind::kFirefox : BrowserKind::kChromium;
  world.page.http = simulated.http2 ? HttpVersion::kHttp2 : HttpVersion::kHttp1;
  world.link.round_trip = simulated.round_trip;
  world.link.jitter = simulated.jitter;
  world.link.down_bytes_per_s = simulated.bytes_per_s;
  world.link.loss = simulated.loss;
  world.link.tls = simulated.tls;
  world.servers = simulated.servers;
  return world;
}

}  // namespace

SimulatedRun::SimulatedRun(const client::Settings& settings)
    : world_(world_settings(settings), settings.simulated->seed),
      run_(settings, world_.dispatcher(), settings.simulated->seed) {
  if (settings.environment != nullptr && settings.environment->hidden) world_.set_visible(false);
  for (const client::Happening& each : settings.simulated->happenings) plan(each);
  run_.start(world_.now());
}

void SimulatedRun::set_speed(double speed) { speed_ = std::clamp(speed, 0.0, kMaxSpeed); }

void SimulatedRun::pass(Micros real) {
  const double virtual_time =
      static_cast<double>(std::clamp<Micros>(real, 0, kLongestStep)) * speed_ + rest_;
  const auto whole = static_cast<Micros>(virtual_time);
  rest_ = virtual_time - static_cast<double>(whole);
  world_.advance(world_.now() + whole);
}

void SimulatedRun::step() {
  if (const auto next = world_.next()) world_.advance(*next);
}

void SimulatedRun::ask_wire(std::size_t lane, std::optional<std::uint64_t> seq,
                            const client::Session::OnWireLog& on_wire_log) {
  if (run_.state() != client::RunState::kRunning) {
    return run_.ask_wire(lane, seq, on_wire_log);
  }
  const std::string_view name = info(run_.lanes().at(lane).lane().asked()).name;
  const std::string target = "/api/channels/" + run_.channel() + client::wire_log_path(name, seq);
  Origin::Answer answer{0, {}};
  if (Cluster* cluster = world_.cluster()) {
    // Whichever has had the message.
    for (std::size_t i = 0; i < cluster->count() && answer.status != 200; ++i) {
      if (Origin* origin = cluster->at(i)) answer = origin->ask("GET", target);
    }
  } else {
    answer = world_.origin().ask("GET", target);
  }
  on_wire_log(answer.status, answer.body);
}

void SimulatedRun::set_server(std::size_t server, bool runs) {
  Cluster* const cluster = world_.cluster();
  if (!cluster || server == 0 || server > cluster->count()) return;
  if (runs) return cluster->start(server - 1);
  cluster->stop(server - 1);
}

std::span<const bool> SimulatedRun::servers() {
  Cluster* const cluster = world_.cluster();
  if (!cluster) return {};
  for (std::size_t i = 0; i < running_.size(); ++i) running_[i] = cluster->at(i) != nullptr;
  return running_;
}

void SimulatedRun::plan(const client::Happening& happening) {
  const auto at = [&](Micros after, bool begins) {
    alarms_.emplace_back(world_.schedule(),
                         [this, kind = happening.kind, begins] { play(kind, begins); });
    alarms_.back().set(world_.schedule().now_us() + after);
  };
  at(happening.after, true);
  at(happening.after + happening.length, false);
}

void SimulatedRun::play(client::Happening::Kind kind, bool begins) {
  switch (kind) {
    case client::Happening::Kind::kOffline:
      return world_.set_online(!begins);
    case client::Happening::Kind::kHidden:
      return world_.set_visible(!begins);
    case client::Happening::Kind::kAsleep:
      return world_.set_asleep(begins);
    case client::Happening::Kind::kRestart:
      if (world_.cluster()) {
        set_server(1, !begins);
        return set_server(2, !begins);
      }
      if (begins) return world_.origin().stop();
      return world_.origin().start();
    case client::Happening::Kind::kStopOne:
      return set_server(1, !begins);
    case client::Happening::Kind::kStopTwo:
      return set_server(2, !begins);
  }
}

}  // namespace playground::simulation
