// The other servers that have a channel, where several share it (core/server/shared/).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/fault.h"
#include "core/result.h"
#include "core/server/log.h"

namespace playground::server {

// A fault of a channel, as all its servers know it.
struct SharedFault {
  std::uint64_t number = 0;
  std::int64_t since_us = 0;   // when it was asked for
  std::optional<Fault> fault;  // none: it is one of the scenario's, and has been lifted
};

class Neighbours {
 public:
  // The channel on this server.
  class Listener {
   public:
    // All that was asked for anywhere since the channel began, except what is over or lifted.
    virtual void faults_changed(const std::vector<SharedFault>& faults) = 0;
    // Numbers of shared faults that are over here, of those that are not 0.
    virtual bool has_fault(std::uint64_t number) const = 0;
    // The wire's counts as /wire says them, and what /wire/log says to a query; empty for a
    // refusal.
    virtual std::string wire_counts() const = 0;
    virtual std::string wire_log(std::string_view query) = 0;

   protected:
    ~Listener() = default;
  };

  // Outlives this; set before anything is asked.
  virtual void set_listener(Listener& listener) = 0;

  // The changes hold on every server once `done` is called with the fault's number; the listener
  // here has heard of them by then.
  using Added = std::function<void(const Result<std::uint64_t, AppendError>& number)>;
  virtual void add_fault(const Fault& fault, Added done) = 0;
  using Lifted = std::function<void(std::optional<AppendError> error)>;
  virtual void lift_faults(const std::vector<std::uint64_t>& numbers, Lifted done) = 0;

  // The counts of all servers added up: of one lane, or of all where none is named.
  using Answered = std::function<void(std::string json)>;
  virtual void wire_counts(std::optional<std::string> lane, Answered done) = 0;
  // What the first of the others says that does not refuse; empty where all do.
  virtual void wire_log(std::string_view query, Answered done) = 0;

 protected:
  ~Neighbours() = default;
};

}  // namespace playground::server
