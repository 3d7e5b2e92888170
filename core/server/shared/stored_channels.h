// The channels of a store, for a hub.
#pragma once

#include <string>

#include "core/server/limits.h"
#include "core/server/schedule.h"
#include "core/server/shared/shared_store.h"
#include "core/server/shared_channels.h"

namespace playground::server {

class StoredChannels final : public SharedChannels {
 public:
  // All must outlive this.
  StoredChannels(SharedStore& store, Schedule& schedule, const Limits& limits)
      : store_(store), schedule_(schedule), limits_(limits) {}

  void begin(std::string id, const Scenario& scenario, Done done) override;
  void open(std::string id, Done done) override;
  void end(const std::string& id, std::int64_t start_us,
           std::function<void(bool ended)> done) override {
    store_.end(id, start_us, [done](const auto& ended) { done(ended.ok()); });
  }
  std::string trouble() const override { return store_.trouble(); }

 private:
  SharedStore::Done<StoredChannel> opened(std::string id, Done done);

  SharedStore& store_;
  Schedule& schedule_;
  const Limits& limits_;
};

}  // namespace playground::server
