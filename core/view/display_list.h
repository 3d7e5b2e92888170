// What a frame looks like, as numbers: an operation, its arguments, the next operation, …
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/transport.h"

namespace playground::view {

// Who a colour belongs to. The first are the transports, in their order.
enum class Role { kInk = kTransportCount, kMuted, kTrouble, kGrid };

inline constexpr std::array<std::string_view, 4> kOtherRoles{"ink", "muted", "trouble", "grid"};

constexpr Role role_of(TransportId id) { return static_cast<Role>(id); }

enum class Align { kLeft = -1, kCentre = 0, kRight = 1 };

enum class Operation { kLane, kLines, kDots, kBars, kQuads, kText };

struct OperationInfo {
  std::string_view name;
  std::string_view arguments;
};

// In the order of Operation. Coordinates are CSS pixels of the lane named last, y downwards.
inline constexpr std::array<OperationInfo, 6> kOperations{{
    {"lane", "lane index: what follows goes on that lane's canvas, which is cleared first."},
    {"lines", "role, alpha, width, dash (0 is solid), n, then n times x1 y1 x2 y2."},
    {"dots", "role, alpha, radius, n, then n times x y."},
    {"bars", "role, alpha, radius of the corners, n, then n times x y width height."},
    {"quads", "role, n, then n times alpha x1 y1 x2 y2 x3 y3 x4 y4: filled quadrilaterals."},
    {"text",
     "role, weight (400 or 600), align (-1 left, 0 centre, 1 right), text index, x, y of the "
     "baseline."},
}};

class DisplayList {
 public:
  void clear() {
    numbers_.clear();
    texts_.clear();
  }

  void lane(std::size_t index) { add({number(Operation::kLane), static_cast<double>(index)}); }

  // Each of these begins a batch; the calls of the same name below add to it. What is added must
  // follow before another batch begins.
  void begin_lines(Role role, double alpha, double width, double dash = 0) {
    begin_batch({number(Operation::kLines), number(role), alpha, width, dash});
  }
  void line(double x1, double y1, double x2, double y2) { add_one({x1, y1, x2, y2}); }
  void begin_dots(Role role, double alpha, double radius) {
    begin_batch({number(Operation::kDots), number(role), alpha, radius});
  }
  void dot(double x, double y) { add_one({x, y}); }
  void begin_bars(Role role, double alpha, double corner) {
    begin_batch({number(Operation::kBars), number(role), alpha, corner});
  }
  void bar(double x, double y, double width, double height) { add_one({x, y, width, height}); }
  void begin_quads(Role role) { begin_batch({number(Operation::kQuads), number(role)}); }
  void quad(double alpha, double x1, double y1, double x2, double y2, double x3, double y3,
            double x4, double y4) {
    add_one({alpha, x1, y1, x2, y2, x3, y3, x4, y4});
  }
  void text(Role role, bool strong, Align align, std::string_view text, double x, double y) {
    const auto index = static_cast<double>(texts_.size());
    add({number(Operation::kText), number(role), strong ? 600.0 : 400.0, number(align), index, x,
         y});
    texts_.emplace_back(text);
  }

  const std::vector<float>& numbers() const { return numbers_; }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  template <typename Enum>
  static constexpr double number(Enum value) {
    return static_cast<double>(value);
  }
  void add(std::initializer_list<double> numbers) {
    for (const double each : numbers) numbers_.push_back(static_cast<float>(each));
  }
  void begin_batch(std::initializer_list<double> arguments) {
    add(arguments);
    count_at_ = numbers_.size();
    add({0});
  }
  void add_one(std::initializer_list<double> numbers) {
    numbers_[count_at_] += 1;
    add(numbers);
  }

  std::vector<float> numbers_;
  std::vector<std::string> texts_;
  std::size_t count_at_ = 0;  // where the current batch keeps its count
};

}  // namespace playground::view
