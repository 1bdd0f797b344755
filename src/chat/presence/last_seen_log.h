#pragma once

#include <map>

#include "net/shard.h"
#include "storage/presence_store.h"

namespace atrium::chat {

/// Writes down when users were seen last, many in one commit. On the presence's owner shard.
class LastSeenLog final {
 public:
  LastSeenLog(storage::PresenceStore& store, net::Shard& owner)
      : store_(store), owner_(owner), due_([this] { spawn(write()); }) {}

  void note(const storage::UserId& user, WallTime at);

  static constexpr Duration kDelay = std::chrono::seconds(1);
  static constexpr std::size_t kBatch = 128;  ///< that many do not wait

 private:
  /// What the database does not take is tried again later; the table holds a user once, however often he is seen meanwhile.
  Task<void> write();

  storage::PresenceStore& store_;
  net::Shard& owner_;
  std::map<storage::UserId, WallTime> seen_;
  net::Deadline due_;
};

}  // namespace atrium::chat
