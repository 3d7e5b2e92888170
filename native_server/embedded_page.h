// The page inside the program: an archive that web/pack.mjs has made of a built page (web/dist).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/server/exchange.h"

namespace playground::server {

// What a file is sent as, in the order in which an archive has them (RFC 9110 8.4.1).
enum class Coding : std::uint8_t { kIdentity, kBrotli, kGzip };
inline constexpr std::size_t kCodingCount = 3;

// Which of the codings that are there the client likes best: of equals the smaller, and a client
// that says nothing gets none (RFC 9110 12.5.3). As it is, where it accepts nothing else either.
Coding choose_coding(const Request& request, bool has_brotli, bool has_gzip);

class EmbeddedPage {
 public:
  // The archive outlives it; an empty one is no page. Throws std::runtime_error where it is none of
  // ours.
  explicit EmbeddedPage(std::string_view archive);

  // Answers a GET or HEAD of a file or a folder of the page; nothing for anything else. Where there
  // is no page, `/` is told so.
  std::optional<Reply> answer(const Request& request) const;

 private:
  struct File {
    std::string_view hash;
    bool kept = false;                                    // its name has a hash of its bytes
    std::array<std::string_view, kCodingCount> bodies{};  // empty: not there
  };

  std::map<std::string, File, std::less<>> files_;  // by their paths: "/index.html"
};

extern "C" const char playground_archive[];
extern "C" const char playground_archive_end[];

// The archive in this program, which playground_embed() in CMake has put there.
inline std::string_view embedded_archive() {
  return {playground_archive,
          static_cast<std::size_t>(playground_archive_end - playground_archive)};
}

}  // namespace playground::server
