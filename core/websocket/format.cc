#include "core/websocket/format.h"

#include <array>

namespace playground::websocket {
namespace {

struct Row {
  std::uint16_t code;
  bool may_be_sent;
  std::string_view name;
};

// The registry's rows; 1004 is reserved, 1005, 1006 and 1015 are for reports only (7.4.1).
constexpr std::array kRegistry{
    Row{1000, true, "Normal Closure"},    Row{1001, true, "Going Away"},
    Row{1002, true, "Protocol error"},    Row{1003, true, "Unsupported Data"},
    Row{1004, false, "Reserved"},         Row{1005, false, "No Status Rcvd"},
    Row{1006, false, "Abnormal Closure"}, Row{1007, true, "Invalid frame payload data"},
    Row{1008, true, "Policy Violation"},  Row{1009, true, "Message Too Big"},
    Row{1010, true, "Mandatory Ext."},    Row{1011, true, "Internal Error"},
    Row{1012, true, "Service Restart"},   Row{1013, true, "Try Again Later"},
    Row{1014, true, "Bad Gateway"},       Row{1015, false, "TLS handshake"},
};

constexpr const Row* find_row(std::uint16_t code) {
  for (const Row& row : kRegistry) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

}  // namespace

bool may_be_sent(std::uint16_t code) {
  if (const Row* row = find_row(code)) return row->may_be_sent;
  // 7.4.2: 3000-3999 are for libraries and frameworks, 4000-4999 for private use.
  return code >= 3000 && code <= 4999;
}

std::string_view close_code_name(std::uint16_t code) {
  const Row* row = find_row(code);
  return row == nullptr ? std::string_view() : row->name;
}

}  // namespace playground::websocket
