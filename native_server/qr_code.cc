#include "native_server/qr_code.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace playground::server {
namespace {

using Bytes = std::vector<std::uint8_t>;

// ISO/IEC 18004 table 9, level L.
struct Version {
  int number;
  std::size_t data, correction;  // codewords
};
constexpr Version kVersions[] = {{1, 19, 7}, {2, 34, 10}, {3, 55, 15}, {4, 80, 20}, {5, 108, 26}};
constexpr std::size_t kHeadBits = 12;  // the mode and the number of bytes

// In GF(256) with the polynomial of 7.5.2.
std::uint8_t product(std::uint8_t x, std::uint8_t y) {
  unsigned z = 0;
  for (int bit = 7; bit >= 0; --bit) {
    z = (z << 1) ^ ((z >> 7) * 0x11du);
    z ^= ((unsigned{y} >> bit) & 1u) * x;
  }
  return static_cast<std::uint8_t>(z);
}

// The remainder of the data's polynomial by (x - 1)(x - 2)(x - 4)…, its highest coefficient first.
Bytes correction_of(const Bytes& data, std::size_t count) {
  Bytes divisor(count, 0);  // without its highest coefficient, 1
  divisor.back() = 1;
  std::uint8_t root = 1;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      divisor[j] = product(divisor[j], root);
      if (j + 1 < count) divisor[j] ^= divisor[j + 1];
    }
    root = product(root, 2);
  }
  Bytes rest(count, 0);
  for (const std::uint8_t byte : data) {
    const auto factor = static_cast<std::uint8_t>(byte ^ rest.front());
    rest.erase(rest.begin());
    rest.push_back(0);
    for (std::size_t j = 0; j < count; ++j) rest[j] ^= product(divisor[j], factor);
  }
  return rest;
}

Bytes codewords(std::string_view text, const Version& version) {
  std::vector<bool> bits;
  const auto append = [&](unsigned value, int count) {
    while (count-- > 0) bits.push_back((value >> count & 1) != 0);
  };
  append(0b0100, 4);  // bytes
  append(static_cast<unsigned>(text.size()), 8);
  for (const char c : text) append(static_cast<unsigned char>(c), 8);
  append(0, 4);  // the end; with the head's 12 bits, whole codewords
  Bytes all(bits.size() / 8, 0);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    all[i / 8] = static_cast<std::uint8_t>(all[i / 8] << 1 | (bits[i] ? 1 : 0));
  }
  for (std::uint8_t pad = 0xec; all.size() < version.data; pad ^= 0xec ^ 0x11) all.push_back(pad);
  const Bytes correction = correction_of(all, version.correction);
  all.insert(all.end(), correction.begin(), correction.end());
  return all;
}

class Modules {
 public:
  explicit Modules(int version)
      : size_(17 + 4 * version),
        dark_(static_cast<std::size_t>(size_), std::string(static_cast<std::size_t>(size_), '0')),
        fixed_(dark_) {
    for (int i = 0; i < size_; ++i) {
      fix(i, 6, i % 2 == 0);
      fix(6, i, i % 2 == 0);
    }
    for (const auto& [x, y] : {std::pair{3, 3}, {size_ - 4, 3}, {3, size_ - 4}}) rings(x, y, 4);
    if (version > 1) rings(size_ - 7, size_ - 7, 2);
    write_format(0);
  }

  // From the lower right corner, up and down in pairs of columns.
  void write(const Bytes& bytes) {
    std::size_t bit = 0;
    for (int right = size_ - 1; right > 0; right -= 2) {
      if (right == 6) right = 5;
      const bool up = ((right + 1) & 2) == 0;
      for (int i = 0; i < size_; ++i) {
        const int y = up ? size_ - 1 - i : i;
        for (const int x : {right, right - 1}) {
          if (is_fixed(x, y) || bit == bytes.size() * 8) continue;
          set(x, y, (bytes[bit / 8] >> (7 - bit % 8) & 1) != 0);
          ++bit;
        }
      }
    }
  }

  // 7.8.2; the same again takes it off.
  void apply_mask(int mask) {
    for (int y = 0; y < size_; ++y) {
      for (int x = 0; x < size_; ++x) {
        const std::array<bool, 8> turns{(x + y) % 2 == 0,
                                        y % 2 == 0,
                                        x % 3 == 0,
                                        (x + y) % 3 == 0,
                                        (x / 3 + y / 2) % 2 == 0,
                                        x * y % 2 + x * y % 3 == 0,
                                        (x * y % 2 + x * y % 3) % 2 == 0,
                                        ((x + y) % 2 + x * y % 3) % 2 == 0};
        if (turns[static_cast<std::size_t>(mask)] && !is_fixed(x, y)) set(x, y, !is_dark(x, y));
      }
    }
    write_format(mask);
  }

  // A reader takes any mask. The best one has the fewest neighbours that are alike.
  int alike() const {
    int count = 0;
    for (int y = 0; y + 1 < size_; ++y) {
      for (int x = 0; x + 1 < size_; ++x) {
        count += is_dark(x, y) == is_dark(x + 1, y);
        count += is_dark(x, y) == is_dark(x, y + 1);
      }
    }
    return count;
  }

  QrCode take() { return std::move(dark_); }

 private:
  char& at(QrCode& rows, int x, int y) {
    return rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
  }
  bool is_dark(int x, int y) const {
    return dark_[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] == '1';
  }
  bool is_fixed(int x, int y) const {
    return fixed_[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] == '1';
  }
  void set(int x, int y, bool dark) { at(dark_, x, y) = dark ? '1' : '0'; }
  void fix(int x, int y, bool dark) {
    if (x < 0 || y < 0 || x >= size_ || y >= size_) return;
    set(x, y, dark);
    at(fixed_, x, y) = '1';
  }

  // Of a finder pattern (to 4, the separator) or an alignment pattern (to 2).
  void rings(int x, int y, int last) {
    for (int dy = -last; dy <= last; ++dy) {
      for (int dx = -last; dx <= last; ++dx) {
        const int ring = std::max(std::abs(dx), std::abs(dy));
        fix(x + dx, y + dy, last == 4 ? ring != 2 && ring != 4 : ring != 1);
      }
    }
  }

  // 7.9.1: level and mask, protected, twice; and the module that is always dark.
  void write_format(int mask) {
    constexpr int kLevelL = 1;
    const int data = kLevelL << 3 | mask;
    int rest = data;
    for (int i = 0; i < 10; ++i) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const int bits = (data << 10 | rest) ^ 0x5412;
    for (int i = 0; i < 15; ++i) {
      const bool dark = (bits >> i & 1) != 0;
      if (i < 8) {
        fix(8, i < 6 ? i : i + 1, dark);
        fix(size_ - 1 - i, 8, dark);
      } else {
        fix(i == 8 ? 7 : 14 - i, 8, dark);
        fix(8, size_ - 15 + i, dark);
      }
    }
    fix(8, size_ - 8, true);
  }

  int size_;
  QrCode dark_;
  QrCode fixed_;  // what is no codeword's
};

}  // namespace

QrCode qr_code(std::string_view text) {
  for (const Version& version : kVersions) {
    if (kHeadBits + 8 * text.size() > 8 * version.data) continue;
    Modules modules(version.number);
    modules.write(codewords(text, version));
    std::pair best{0, 0};
    for (int mask = 0; mask < 8; ++mask) {
      modules.apply_mask(mask);
      const int alike = modules.alike();
      if (mask == 0 || alike < best.first) best = {alike, mask};
      modules.apply_mask(mask);
    }
    modules.apply_mask(best.second);
    return modules.take();
  }
  return {};
}

std::string for_terminal(const QrCode& code) {
  constexpr std::size_t kMargin = 4;
  const std::size_t size = code.size() + 2 * kMargin;
  const auto dark = [&](std::size_t x, std::size_t y) {
    const std::size_t row = y - kMargin;  // beyond all of them in the margin
    const std::size_t column = x - kMargin;
    return row < code.size() && column < code.size() && code[row][column] == '1';
  };
  std::string out;
  for (std::size_t y = 0; y < size; y += 2) {
    out += "\x1b[30;107m";  // black on white, whatever the terminal's own are
    for (std::size_t x = 0; x < size; ++x) {
      const bool upper = dark(x, y);
      const bool lower = dark(x, y + 1);
      out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
    }
    out += "\x1b[0m\n";
  }
  return out;
}

}  // namespace playground::server
