// What files are sent with, be they in a folder or in the program itself.
#pragma once

#include <string_view>

namespace playground::server {

// Pages of any origin may load the module and the widget from here: the files are public, and say
// nothing about the reader.
inline constexpr struct {
  std::string_view name, value;
} kFileFields[] = {
    {"Access-Control-Allow-Origin", "*"},
    // A page says itself what it may load; that no other page may frame it, only a header can say.
    {"Content-Security-Policy", "frame-ancestors 'self'"},
    {"Cross-Origin-Resource-Policy", "cross-origin"},
    // With no-referrer a beacon would say `Origin: null` (Fetch 3.2).
    {"Referrer-Policy", "same-origin"},
    {"X-Content-Type-Options", "nosniff"},
};

// The one page that is for other pages' frames, and goes without that policy.
inline constexpr std::string_view kFramedPage = "/embed.html";

// With the ETag: asked for every time, sent when changed.
inline constexpr std::string_view kAskedEachTime = "no-cache";

inline constexpr std::string_view kUnknownType = "application/octet-stream";

inline constexpr struct {
  std::string_view extension, type;
} kFileTypes[] = {
    {"css", "text/css; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"ico", "image/x-icon"},
    {"js", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"txt", "text/plain; charset=utf-8"},
    {"wasm", "application/wasm"},
    {"webp", "image/webp"},
    {"woff2", "font/woff2"},
};

}  // namespace playground::server
