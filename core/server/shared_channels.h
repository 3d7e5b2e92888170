// Channels that several servers share: what a hub knows of them (core/server/shared/).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/scenario.h"
#include "core/server/log.h"
#include "core/server/neighbours.h"

namespace playground::server {

class SharedChannels {
 public:
  // A channel, wherever it was begun.
  struct Opened {
    Scenario scenario;
    std::int64_t start_us = 0;
    std::uint64_t played = 0;  // messages of the scenario that are in the log
    std::vector<SharedFault> faults;
    std::unique_ptr<Log> log;
  };
  enum class Error : std::uint8_t {
    kUnavailable,  // where the channels are kept, nobody answers
    kFull,         // or there is no room
    kNone,         // there is no channel of that id
    kTooMany,      // the owner has as many channels as an address may
  };
  using Done = std::function<void(Result<Opened, Error> opened)>;

  virtual ~SharedChannels() = default;

  // What readers know this server by.
  virtual const std::string& server() const = 0;
  // How many servers share the channels, itself included, as of some seconds ago; 0: not known.
  virtual std::uint64_t servers() const = 0;

  // Both call back once, later. begin() finds the channel where there is one of that id already;
  // otherwise it counts for `owner` (Limits::channels_per_address), whichever server began it.
  virtual void begin(std::string id, const Scenario& scenario, std::string owner, Done done) = 0;
  virtual void open(std::string id, Done done) = 0;
  // For all servers: the channel that began then. Calls back once it has, or false where it is not
  // known whether it has.
  virtual void end(const std::string& id, std::int64_t start_us,
                   std::function<void(bool ended)> done) = 0;

  // What is wrong where channels are kept, as a clause to follow "the channels' logs: "; empty
  // while nothing is.
  virtual std::string trouble() const = 0;
};

}  // namespace playground::server
