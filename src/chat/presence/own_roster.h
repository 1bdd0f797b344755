#pragma once

#include <unordered_map>

#include "chat/nodes/peers.h"
#include "chat/presence/presence_tracker.h"

namespace atrium::chat {

/// Tells the other nodes who is here by sockets of this one. On the presence's owner shard.
class OwnRoster final {
 public:
  OwnRoster(const PresenceTracker& tracker, Peers& peers, const Clock& clock)
      : tracker_(tracker), peers_(peers), clock_(clock) {}

  /// Something may have changed about the user.
  void look(const storage::UserId& user);
  facts::Roster all() const;

 private:
  struct Told {
    PresenceTracker::WhoIs who;
    std::size_t devices = 0;
    bool awake = false;
  };
  facts::Here to_fact(const PresenceTracker::WhoIs& who, const PresenceTracker::Elsewhere& own) const;

  const PresenceTracker& tracker_;
  Peers& peers_;
  const Clock& clock_;
  std::unordered_map<storage::UserId, Told> told_;
};

}  // namespace atrium::chat
