#include "chat/messages/cursor.h"

#include <charconv>

#include "base/base64.h"
#include "base/digest.h"

namespace atrium::chat {

std::string to_cursor(const storage::ChannelId& channel, std::uint64_t seq) {
  return "c" + std::to_string(seq) + "." + base64url_encode(sha256(channel.value)).substr(0, 8);
}

std::optional<std::uint64_t> seq_of_cursor(std::string_view cursor, const storage::ChannelId& channel) {
  if (!cursor.starts_with('c')) return std::nullopt;
  std::uint64_t seq = 0;
  const auto parsed = std::from_chars(cursor.data() + 1, cursor.data() + cursor.size(), seq);
  if (parsed.ec != std::errc() || cursor != to_cursor(channel, seq)) return std::nullopt;
  return seq;
}

}  // namespace atrium::chat
