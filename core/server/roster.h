// Members in the order in which they joined. Joining and leaving cost O(1) and allocate nothing:
// the links are in the members.
#pragma once

#include <cstddef>

namespace playground::server {

// `Member` derives publicly from Roster<Member>::Seat, and is in one roster at most.
template <typename Member>
class Roster {
 public:
  // A member that is destroyed has left.
  class Seat {
   public:
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

   protected:
    Seat() = default;
    ~Seat() {
      if (roster_) roster_->remove(*this);
    }

   private:
    friend Roster;
    Roster* roster_ = nullptr;  // null: in none
    Seat* before_ = nullptr;
    Seat* after_ = nullptr;
  };

  Roster() = default;
  // Precondition: nobody is walking over it. Afterwards its members are in no roster.
  ~Roster() {
    while (first_) remove(*first_);
  }
  Roster(const Roster&) = delete;
  Roster& operator=(const Roster&) = delete;

  std::size_t size() const { return size_; }
  // Null where there is none.
  Member* first() const { return static_cast<Member*>(first_); }

  // Precondition: the member is in no roster.
  void join(Member& member) {
    Seat& seat = member;
    seat.roster_ = this;
    seat.before_ = last_;
    (last_ ? last_->after_ : first_) = &seat;
    last_ = &seat;
    ++size_;
  }

  // False when it is not in this roster.
  bool leave(Member& member) {
    Seat& seat = member;
    if (seat.roster_ != this) return false;
    remove(seat);
    return true;
  }

  // Calls `visit` with each of those who are members now and still are when their turn comes. Any
  // may leave or be destroyed meanwhile, others may join, and another walk may begin.
  template <typename Visit>
  void for_each(Visit visit) {
    Walk walk{first_, last_, walks_};
    walks_ = &walk;
    while (walk.next) {
      Seat& seat = *walk.next;
      walk.next = &seat == walk.last ? nullptr : seat.after_;
      visit(static_cast<Member&>(seat));
    }
    walks_ = walk.outer;
  }

 private:
  struct Walk {
    Seat* next;  // null: over
    Seat* last;
    Walk* outer;  // that had begun before this one
  };

  void remove(Seat& seat) {
    for (Walk* walk = walks_; walk; walk = walk->outer) {
      if (walk->next == &seat) walk->next = walk->last == &seat ? nullptr : seat.after_;
      if (walk->last == &seat) walk->last = seat.before_;
    }
    (seat.before_ ? seat.before_->after_ : first_) = seat.after_;
    (seat.after_ ? seat.after_->before_ : last_) = seat.before_;
    seat.roster_ = nullptr;
    seat.before_ = seat.after_ = nullptr;
    --size_;
  }

  Seat* first_ = nullptr;
  Seat* last_ = nullptr;
  std::size_t size_ = 0;
  Walk* walks_ = nullptr;  // the innermost of those under way
};

}  // namespace playground::server
