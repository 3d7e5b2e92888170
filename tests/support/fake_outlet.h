// An outlet that keeps what it takes, and can be made to block.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/server/session.h"

namespace playground::server {

class FakeOutlet final : public Outlet {
 public:
  Sent send(std::span<const Piece> pieces) override {
    if (closed) return {SendStatus::kClosed, 0};
    std::size_t taken = 0;
    for (; taken < pieces.size() && room_for_pieces > 0; ++taken, --room_for_pieces) {
      text += pieces[taken].bytes;
    }
    return {taken == pieces.size() ? SendStatus::kAccepted : SendStatus::kBlocked, taken};
  }
  void push(const Piece& piece) override { text += piece.bytes; }
  bool admit_message() override { return messages_allowed-- > 0; }
  void finish() override { finished = true; }
  void cut(bool) override { closed = true; }

  std::string text;
  std::size_t room_for_pieces = 1'000'000;
  int messages_allowed = 1'000'000;
  bool closed = false;
  bool finished = false;
};

}  // namespace playground::server
