#include "core/server/request_rate.h"

#include <algorithm>

#include "core/server/schedule.h"

namespace playground::server {

bool RequestRate::take(std::string_view client, std::int64_t now_us) {
  if (per_second_ == 0) return true;
  forget_full(now_us);
  const double most = per_second_;
  auto bucket = buckets_.find(client);
  if (bucket == buckets_.end()) bucket = buckets_.emplace(client, Bucket{most, now_us}).first;
  auto& [tokens, at_us] = bucket->second;
  const double seconds = static_cast<double>(now_us - at_us) / static_cast<double>(kSecondUs);
  tokens = std::min(most, tokens + seconds * most);
  at_us = now_us;
  if (tokens < 1) return false;
  tokens -= 1;
  return true;
}

// Every bucket is full a second after its last request, so the map holds the clients of two
// seconds at most.
void RequestRate::forget_full(std::int64_t now_us) {
  if (now_us - swept_us_ < kSecondUs) return;
  swept_us_ = now_us;
  std::erase_if(buckets_,
                [&](const auto& each) { return now_us - each.second.at_us >= kSecondUs; });
}

}  // namespace playground::server
