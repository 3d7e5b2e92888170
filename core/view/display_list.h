// What a frame looks like, as numbers: the operations of `DrawOp` in web/src/core-module.ts.
#ifndef PLAYGROUND_CORE_VIEW_DISPLAY_LIST_H_
#define PLAYGROUND_CORE_VIEW_DISPLAY_LIST_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/transport.h"

namespace playground::view {

// Who a colour belongs to. The first are the transports, in their order.
enum class Role { kInk = kTransportCount, kMuted, kTrouble, kGrid };

constexpr Role role_of(TransportId id) { return static_cast<Role>(id); }

enum class Align { kLeft = -1, kCentre = 0, kRight = 1 };

class DisplayList {
 public:
  void clear();

  void lane(std::size_t index);

  // Each of these begins a batch; the calls of the same name below add to it. What is added must
  // follow before another batch begins.
  void begin_lines(Role role, double alpha, double width, double dash = 0);
  void line(double x1, double y1, double x2, double y2);
  void begin_dots(Role role, double alpha, double radius);
  void dot(double x, double y);
  void begin_bars(Role role, double alpha, double corner);
  void bar(double x, double y, double width, double height);
  void begin_quads(Role role);
  void quad(double alpha, double x1, double y1, double x2, double y2, double x3, double y3,
            double x4, double y4);
  void text(Role role, bool strong, Align align, std::string_view text, double x, double y);

  const std::vector<float>& numbers() const { return numbers_; }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  void add(double number) { numbers_.push_back(static_cast<float>(number)); }
  void begin_batch();
  void count_one() { numbers_[count_at_] += 1; }

  std::vector<float> numbers_;
  std::vector<std::string> texts_;
  std::size_t count_at_ = 0;  // where the current batch keeps its count
};

}  // namespace playground::view

#endif  // PLAYGROUND_CORE_VIEW_DISPLAY_LIST_H_
