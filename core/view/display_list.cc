#include "core/view/display_list.h"

namespace playground::view {
void DisplayList::clear() {
  numbers_.clear();
  texts_.clear();
}

void DisplayList::lane(std::size_t index) {
  begin(Operation::kLane);
  add(static_cast<double>(index));
}

void DisplayList::begin_batch() {
  count_at_ = numbers_.size();
  add(0);
}

void DisplayList::begin_lines(Role role, double alpha, double width, double dash) {
  begin(Operation::kLines);
  add(static_cast<int>(role));
  add(alpha);
  add(width);
  add(dash);
  begin_batch();
}

void DisplayList::line(double x1, double y1, double x2, double y2) {
  count_one();
  for (const double number : {x1, y1, x2, y2}) add(number);
}

void DisplayList::begin_dots(Role role, double alpha, double radius) {
  begin(Operation::kDots);
  add(static_cast<int>(role));
  add(alpha);
  add(radius);
  begin_batch();
}

void DisplayList::dot(double x, double y) {
  count_one();
  add(x);
  add(y);
}

void DisplayList::begin_bars(Role role, double alpha, double corner) {
  begin(Operation::kBars);
  add(static_cast<int>(role));
  add(alpha);
  add(corner);
  begin_batch();
}

void DisplayList::bar(double x, double y, double width, double height) {
  count_one();
  for (const double number : {x, y, width, height}) add(number);
}

void DisplayList::begin_quads(Role role) {
  begin(Operation::kQuads);
  add(static_cast<int>(role));
  begin_batch();
}

void DisplayList::quad(double alpha, double x1, double y1, double x2, double y2, double x3,
                       double y3, double x4, double y4) {
  count_one();
  for (const double number : {alpha, x1, y1, x2, y2, x3, y3, x4, y4}) add(number);
}

void DisplayList::text(Role role, bool strong, Align align, std::string_view text, double x,
                       double y) {
  begin(Operation::kText);
  add(static_cast<int>(role));
  add(strong ? 600 : 400);
  add(static_cast<int>(align));
  add(static_cast<double>(texts_.size()));
  add(x);
  add(y);
  texts_.emplace_back(text);
}

}  // namespace playground::view
