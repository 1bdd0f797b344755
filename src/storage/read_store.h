#pragma once

#include <cstdint>

#include "base/result.h"
#include "base/task.h"
#include "storage/message_store.h"

namespace atrium::storage {

/// How far a user is in a channel.
struct Reading {
  ChannelCounts now;
  std::uint64_t read_seq = 0;  ///< 0: nothing yet
  std::uint64_t unread = 0;    ///< messages above it that are neither his own nor deleted
  bool operator==(const Reading&) const = default;
};

struct Marked {
  Reading reading;
  bool moved = false;         ///< false: he was there already, or further
  std::uint64_t members = 0;  ///< who may read the channel, counted when it moved, and no further than was asked for
};

/// How far each user has read. Exact at a cost that does not grow with what is unread, but only with the user's own and the
/// deleted messages among it. Awaited on a shard and resumed there; where the answer is no Result, throws StoreUnavailable.
class ReadStore {
 public:
  virtual ~ReadStore() = default;

  /// Zeros where there is no such channel.
  virtual Task<Reading> reading(ChannelId channel, UserId user) = 0;
  /// Moves the marker up to `seq`, never down and never above the last message. channel_not_found.
  virtual Task<Result<Marked, StoreError>> mark(ChannelId channel, UserId user, std::uint64_t seq,
                                                std::uint64_t count_members_to) = 0;
};

}  // namespace atrium::storage
