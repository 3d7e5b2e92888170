// A text as a QR code (ISO/IEC 18004), for an address that a phone is to open: bytes, with error
// correction level L, in the versions 1 to 5, whose codewords are one block.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace playground::server {

// Rows of modules from the top, each from the left: '1' is dark. Without the light margin of four
// modules that belongs around it.
using QrCode = std::vector<std::string>;

inline constexpr std::size_t kMaxQrBytes = 106;

// Empty where the text has more bytes.
QrCode qr_code(std::string_view text);

// For a terminal that knows Unicode and colours, with a margin; two rows are one line.
std::string for_terminal(const QrCode& code);

}  // namespace playground::server
