#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/ids.h"

namespace atrium::chat {

/// A place in a channel's history as clients hand it back: `c` seq `.` mark of the channel. Nothing to be read by them, and of
/// no use in another channel. No id of a message looks like it.
std::string to_cursor(const storage::ChannelId& channel, std::uint64_t seq);
/// None: no cursor of that channel.
std::optional<std::uint64_t> seq_of_cursor(std::string_view cursor, const storage::ChannelId& channel);

}  // namespace atrium::chat
