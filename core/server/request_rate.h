// How many requests a client (Request::client) may make: a token bucket each, filled with
// `per_second` tokens a second up to as many as a second brings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace playground::server {

class RequestRate {
 public:
  // 0: no limit.
  explicit RequestRate(std::uint32_t per_second) : per_second_(per_second) {}

  // Takes a token at `now_us`, which never goes back. False where there is none.
  bool take(std::string_view client, std::int64_t now_us);

  std::size_t buckets() const { return buckets_.size(); }

 private:
  struct Bucket {
    double tokens;
    std::int64_t at_us;
  };

  // A bucket that has filled up holds no information.
  void forget_full(std::int64_t now_us);

  std::uint32_t per_second_;
  std::map<std::string, Bucket, std::less<>> buckets_;
  std::int64_t swept_us_ = 0;
};

}  // namespace playground::server
