#include "native_client/net/lookup.h"

#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <utility>

namespace playground::native {
namespace {

// More addresses of one name are not tried.
constexpr std::size_t kMaxAddresses = 16;

void take_address(const std::string& text, std::uint16_t port, std::vector<SocketAddress>& out) {
  SocketAddress address;
  if (uv_ip4_addr(text.c_str(), port, reinterpret_cast<sockaddr_in*>(&address.storage)) == 0 ||
      uv_ip6_addr(text.c_str(), port, reinterpret_cast<sockaddr_in6*>(&address.storage)) == 0) {
    out.push_back(address);
  }
}

// What needs no name server.
std::vector<SocketAddress> known_addresses(const NetworkSettings& settings, const std::string& host,
                                           std::uint16_t port) {
  std::vector<SocketAddress> known;
  for (const Resolution& each : settings.resolutions) {
    if (each.port != port || (each.host != host && each.host != "*")) continue;
    for (const std::string& address : each.addresses) take_address(address, port, known);
    return known;
  }
  take_address(host, port, known);
  return known;
}

InputError why(int status) {
  switch (status) {
    case UV_EAI_NONAME:
    case UV_EAI_NODATA:
      return {"there is no such name"};
    case UV_EAI_AGAIN:
      return {"no name server answers for now"};
    default:
      return {uv_strerror(status)};
  }
}

}  // namespace

// Lives until libuv is done with it, which may be later than the lookup does.
struct Lookup::Asked {
  uv_getaddrinfo_t request{};
  EventLoop& loop;
  Lookup* lookup;  // null once that is gone
};

Lookup::Lookup(EventLoop& loop, const NetworkSettings& settings, const std::string& host,
               std::uint16_t port, OnFound on_found)
    : on_found_(std::move(on_found)),
      known_(known_addresses(settings, host, port)),
      soon_(loop.schedule(), [this] { on_found_(std::move(known_)); }) {
  if (known_.empty()) {
    ask(loop, host, port);
  } else {
    soon_.set(loop.now_us());
  }
}

void Lookup::ask(EventLoop& loop, const std::string& host, std::uint16_t port) {
  auto asked = std::make_unique<Asked>(Asked{{}, loop, this});
  asked->request.data = asked.get();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
  const auto on_answer = [](uv_getaddrinfo_t* request, int status, addrinfo* found) {
    const std::unique_ptr<Asked> done(static_cast<Asked*>(request->data));
    --done->loop.lookups();
    std::vector<SocketAddress> addresses;
    for (const addrinfo* each = found; each != nullptr && addresses.size() < kMaxAddresses;
         each = each->ai_next) {
      SocketAddress address;
      std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
      addresses.push_back(address);
    }
    uv_freeaddrinfo(found);
    if (done->lookup == nullptr) return;
    done->lookup->asked_ = nullptr;
    if (status == 0 && addresses.empty()) status = UV_EAI_NONAME;
    if (status < 0) return done->lookup->on_found_(why(status));
    done->lookup->on_found_(std::move(addresses));
  };
  server::check_uv(uv_getaddrinfo(loop.get(), &asked->request, on_answer, host.c_str(),
                                  std::to_string(port).c_str(), &hints),
                   "look up a name");
  ++loop.lookups();
  asked_ = asked.release();
}

void Lookup::cancel() {
  soon_.cancel();
  if (asked_ == nullptr) return;
  asked_->lookup = nullptr;
  uv_cancel(reinterpret_cast<uv_req_t*>(&asked_->request));
  asked_ = nullptr;
}

}  // namespace playground::native
