#pragma once

#include <optional>
#include <vector>

#include "chat/events.h"
#include "chat/messages/message_frame.h"
#include "storage/database.h"

namespace atrium::chat {

/// What a socket that joins a channel is told of the time when it was away, as it was read from the database. The socket is
/// to know everything up to `now` by these frames, or by HTTP where `told` says so, and everything above by what comes.
struct Backfill {
  enum class By { seq, mod_seq };

  By by = By::seq;
  events::Backfill told{};
  storage::ChannelCounts now;
  std::vector<MessageFrame> frames;  ///< in order

  /// Whether what `frame` says is within.
  bool covers(const MessageFrame& frame) const;
  /// The last change that was read. Messages may be as they are later than `now`.
  std::uint64_t newest() const;

  static constexpr std::size_t kMessages = 200;
  static constexpr std::size_t kOctets = 256 * 1024;  ///< of contents, so that a returning client is not closed as a slow one
};

/// None where the client asks for nothing. The socket must be hearing of the channel already, else there is a gap. Throws
/// StoreUnavailable.
Task<std::optional<Backfill>> read_backfill(storage::Database& database, events::JoinRequest request,
                                            storage::ChannelCounts now);

/// The same for a client that is recovered and asks for nothing: everything after the change `since` as others were told it,
/// but for messages that have come and gone.
Task<Backfill> read_steps(storage::Database& database, storage::ChannelId channel, std::uint64_t since);

}  // namespace atrium::chat
