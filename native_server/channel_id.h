// The ids by which channels are named: whoever knows one may read the channel.
#ifndef PLAYGROUND_NATIVE_SERVER_CHANNEL_ID_H_
#define PLAYGROUND_NATIVE_SERVER_CHANNEL_ID_H_

#include <string>

namespace playground::server {

// 128 random bits of the system's in hexadecimal.
std::string random_channel_id();

}  // namespace playground::server

#endif  // PLAYGROUND_NATIVE_SERVER_CHANNEL_ID_H_
