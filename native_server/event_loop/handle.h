// Ownership of a libuv handle: closed when the owner goes, freed by the loop afterwards.
#pragma once

#include <memory>
#include <system_error>

#include <uv.h>

namespace playground::server {

// libuv frees nothing and must not see a handle vanish before its close callback: the loop has to
// run once more after the last of these is gone.
struct CloseHandle {
  template <typename Handle>
  void operator()(Handle* handle) const {
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
  }
};

template <typename Handle>
using HandlePtr = std::unique_ptr<Handle, CloseHandle>;

// Throws std::system_error when `status` is a libuv error; `doing` says what was tried. (On Unix
// libuv's errors are negated errno values.)
inline void check_uv(int status, const char* doing) {
  if (status < 0) throw std::system_error(-status, std::generic_category(), doing);
}

// A handle that `init` begins; `data` is what it is about.
template <typename Handle, typename Init>
HandlePtr<Handle> make_handle(void* data, const char* doing, Init init) {
  auto handle = std::make_unique<Handle>();
  check_uv(init(handle.get()), doing);
  handle->data = data;
  return HandlePtr<Handle>(handle.release());
}

}  // namespace playground::server
