// The channels of a store, for a hub.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/server/limits.h"
#include "core/server/schedule.h"
#include "core/server/shared/shared_store.h"
#include "core/server/shared_channels.h"

namespace playground::server {

class StoredChannels final : public SharedChannels, private SharedStore::Follower {
 public:
  // All must outlive this. `server` is what readers know this server by.
  StoredChannels(SharedStore& store, Schedule& schedule, const Limits& limits, std::string server);
  ~StoredChannels();

  const std::string& server() const override { return server_; }
  std::uint64_t servers() const override { return servers_; }
  void begin(std::string id, const Scenario& scenario, std::string owner, Done done) override;
  void open(std::string id, Done done) override;
  void end(const std::string& id, std::int64_t start_us,
           std::function<void(bool ended)> done) override {
    store_.end(id, start_us, [done](const auto& ended) { done(ended.ok()); });
  }
  std::string trouble() const override { return store_.trouble(); }

 private:
  // SharedStore::Follower, of what all servers follow.
  void on_hearing() override { count_servers(); }
  void on_message(std::string_view, StoredMessage) override {}
  void on_change() override {}
  void on_end() override {}
  void on_word(std::string_view) override {}

  void count_servers();
  SharedStore::Done<StoredChannel> opened(std::string id, Done done);

  SharedStore& store_;
  Schedule& schedule_;
  const Limits& limits_;
  const std::string server_;
  std::uint64_t servers_ = 0;
  Alarm count_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace playground::server
