// How large the newest answers were, as they came and as they were read.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/client/host.h"

namespace playground::native {

class BodySizes {
 public:
  // Of so many addresses; the oldest one makes room.
  static constexpr std::size_t kMost = 64;

  void note(const std::string& address, const client::BodySize& size) {
    if (!sizes_.insert_or_assign(address, size).second) return;
    order_.push_back(address);
    if (order_.size() <= kMost) return;
    sizes_.erase(order_.front());
    order_.pop_front();
  }
  std::optional<client::BodySize> find(std::string_view address) const {
    const auto found = sizes_.find(address);
    return found == sizes_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, client::BodySize, std::less<>> sizes_;
  std::deque<std::string> order_;
};

}  // namespace playground::native
