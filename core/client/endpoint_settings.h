// Endpoints of other people's servers that a run follows: `endpoints` of `Settings`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/client/feed.h"
#include "core/json.h"
#include "core/result.h"

namespace playground::client {

struct EndpointSettings {
  FeedSpec feed;        // with the plain codec; the endpoint has a name of its own
  std::string send_to;  // an address that takes what the reader says; empty without one
  std::string send_type;
};
using Endpoints = std::vector<std::shared_ptr<const EndpointSettings>>;

inline constexpr std::size_t kMaxEndpoints = 8;

// Reads the array. What is wrong with it names the endpoint and the member.
std::optional<InputError> take_endpoints(const Json& value, Endpoints& target);

}  // namespace playground::client
