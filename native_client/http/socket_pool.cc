#include "native_client/http/socket_pool.h"

#include <algorithm>
#include <utility>

namespace playground::native {

// Whatever comes on it, nobody has asked for.
struct SocketPool::Idle final : SocketEvents {
  Idle(std::string its_key, std::unique_ptr<ClientSocket> its_socket, std::int64_t at)
      : key(std::move(its_key)), socket(std::move(its_socket)), since(at) {
    socket->listen(*this);
  }

  void on_connected() override {}
  void on_bytes(std::string_view) override { socket->close(); }
  void on_end(const SocketEnd&) override {}

  std::string key;
  std::unique_ptr<ClientSocket> socket;
  std::int64_t since;
};

SocketPool::SocketPool(EventLoop& loop)
    : loop_(loop), closing_(loop.schedule(), [this] { close_old(); }) {}

SocketPool::~SocketPool() = default;

void SocketPool::drop(std::unique_ptr<Idle> idle) {
  idle->socket->close();
  loop_.retire(std::move(idle));
}

void SocketPool::keep(const std::string& key, std::unique_ptr<ClientSocket> socket) {
  const std::int64_t now = loop_.now_us();
  idle_.push_back(std::make_unique<Idle>(key, std::move(socket), now));
  closing_.set(std::min(now, idle_.front()->since) + kIdleTime);
  if (idle_.size() <= kMostIdle) return;
  drop(std::move(idle_.front()));
  idle_.pop_front();
}

std::unique_ptr<ClientSocket> SocketPool::take(const std::string& key) {
  for (auto each = idle_.rbegin(); each != idle_.rend(); ++each) {
    if ((*each)->key != key || (*each)->socket->over()) continue;
    std::unique_ptr<ClientSocket> socket = std::move((*each)->socket);
    idle_.erase(std::next(each).base());
    return socket;
  }
  return nullptr;
}

void SocketPool::close_old() {
  const std::int64_t now = loop_.now_us();
  std::erase_if(idle_, [&](std::unique_ptr<Idle>& each) {
    if (!each->socket->over() && now - each->since < kIdleTime) return false;
    drop(std::move(each));
    return true;
  });
  if (!idle_.empty()) closing_.set(idle_.front()->since + kIdleTime);
}

}  // namespace playground::native
