// One comparison: lanes, one transport each, that follow one channel of a session, and lanes that
// follow endpoints of other people's servers.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/client/endpoint_lane.h"
#include "core/client/observed_lane.h"
#include "core/client/session.h"
#include "core/client/settings.h"

namespace playground::client {

class Run final : private LaneContext, private LaneNews, private SessionEvents {
 public:
  static constexpr std::size_t kMaxDecisions = 500;
  static constexpr std::size_t kMaxSent = view::Track::kMaxArrivals;

  // `dispatcher` must outlive the run. `seed` makes the back-off repeatable.
  Run(Settings settings, Dispatcher& dispatcher, std::uint64_t seed);

  void start(Micros now);
  // Ends the lanes, reads the wire once more, and deletes the channel. The figures stay.
  void stop(Micros now);
  // Before another run takes its place: Session::leave().
  void leave() { session_.leave(); }

  // As in Session. One fault too many is refused with a decision, and so is one that the server
  // does not accept.
  void add_fault(const Fault& fault, Micros now);
  void lift_faults(Micros now);
  bool lift_fault(std::uint64_t number, Micros now) { return session_.lift_fault(number, now); }
  // To an endpoint, by its number in endpoints(): as EndpointLane::send.
  std::string send_text(std::size_t endpoint, std::string_view text, Micros now);
  // Of an endpoint's lane the server knows no bytes.
  void ask_wire(std::size_t lane, std::optional<std::uint64_t> seq, Session::OnWireLog on_wire_log);

  RunState state() const { return session_.state(); }
  // Why the run failed or the server cannot be reached.
  const std::optional<Decision>& trouble() const { return session_.trouble(); }
  // The same as a sentence; empty where there is none.
  std::string error() const;
  Micros started_at() const { return started_at_; }
  Micros elapsed(Micros now) const { return (session_.over() ? stopped_at_ : now) - started_at_; }
  bool simulated() const { return settings_.simulated.has_value(); }
  // Its id on the server; empty without one.
  const std::string& channel() const { return session_.channel(); }
  const FaultTimes& faults() const { return session_.faults(); }
  // Those of the session come first, then one for each endpoint.
  const std::deque<ObservedLane>& lanes() const { return lanes_; }
  std::span<const std::shared_ptr<EndpointLane>> endpoints() const {
    if (kSimulatedOnly) return {};
    return endpoints_;
  }
  std::size_t session_lanes() const { return settings_.lanes.size(); }
  const std::deque<Decision>& decisions() const { return decisions_; }
  const std::deque<view::Sent>& sent() const { return sent_; }
  // What a lane shows of it: an endpoint's lane nothing.
  const std::deque<view::Sent>& sent_on(std::size_t lane) const {
    return lane < session_lanes() ? sent_ : nothing_sent_;
  }
  std::uint64_t sent_count() const { return past_sent_ + highest_seen_; }
  // The address of its server, as in Settings.
  std::string_view server() const { return settings_.server; }
  // Host::http_version().
  std::string http_version(std::string_view origin) const {
    return dispatcher_.host().http_version(origin);
  }
  // As Session's.
  bool proxied() const { return session_.proxied(); }
  const measure::ClockOffset& clock() const { return session_.clock(); }
  // The server's clock minus this machine's, in microseconds.
  Micros clock_difference() const {
    return clock().offset_us() - dispatcher_.host().epoch_offset();
  }

 private:
  // LaneContext
  bool has(Feature feature) const override;
  Micros round_trip() const override { return clock().known() ? clock().round_trip_us() : 0; }
  bool server_answered_since(Micros at) const override { return session_.answered_since(at); }
  void lane_failed(Micros) override { session_.look_soon(); }

  // LaneNews
  Micros server_offset() const override { return clock().offset_us(); }
  void wire_used() override { session_.wire_used(); }
  void message_seen(std::uint32_t epoch, std::uint64_t seq, Micros sent) override;
  void decided(Decision decision) override;

  // SessionEvents
  void on_channel(bool first, Micros now) override;
  void on_channel_lost(const std::string& why, Micros now) override;
  void on_trouble(const Decision& trouble, Micros now) override;
  void on_failed(Micros now) override;
  void on_network(Network network, Micros now) override;
  void on_environment(const Environment& known, Micros now) override;
  void on_wire_count(std::string_view lane, const measure::WireCount& count) override;
  void on_wire_read(Micros now) override;
  void on_fault(const Fault& fault, FaultChange change, Micros now) override;
  void on_faults_over(bool lifted, Micros now) override;
  void on_fault_refused(const FaultTimes::Entry* fault, const std::optional<std::string>& why,
                        Micros now) override;
  void on_fault_times(Micros now) override;

  // What concerns all lanes.
  void note(Reason reason, Micros now, Parameters parameters = {}) {
    decided({.at = now, .reason = reason, .parameters = std::move(parameters)});
  }
  void begin_epoch(std::uint32_t epoch);
  void stop_lanes(Micros now);
  FeedSpec spec_for(std::size_t lane) const;
  Uplink::Plan plan_for(std::size_t lane) const;
  void open_other_tabs();
  void mark_lanes(const Fault& fault, std::string_view more, bool begins, Micros now);
  std::optional<view::Trouble> next_trouble(const Lane& lane) const;

  const Settings settings_;
  Dispatcher& dispatcher_;
  Random random_;
  Micros started_at_ = 0;
  Micros stopped_at_ = 0;

  Session session_;
  std::deque<ObservedLane> lanes_;
  // Shared with nobody: what a shared_ptr owns is destroyed by code that comes with its making, and
  // with kSimulatedOnly there is none.
  std::vector<std::shared_ptr<EndpointLane>> endpoints_;
  // Tabs besides this one, which share the server's origin with the lanes (EnvironmentInfo).
  std::vector<Connection> other_tabs_;
  std::deque<Decision> decisions_;
  std::uint64_t decided_ = 0;  // all there have been
  std::deque<view::Sent> sent_;
  const std::deque<view::Sent> nothing_sent_;
  std::uint32_t epoch_ = 0;  // of the channel's numbering, which `sent_` follows
  std::uint64_t highest_seen_ = 0;
  std::uint64_t past_sent_ = 0;  // of the channels before this one
};

}  // namespace playground::client
