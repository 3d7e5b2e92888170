// What nobody can guess: the ids that name channels (whoever knows one may read the channel), and
// seeds.
#pragma once

#include <cstdint>
#include <string>

namespace playground::server {

// Random bits from the system.
std::uint64_t random_bits();

// 128 of them in hexadecimal.
std::string random_channel_id();

}  // namespace playground::server
