#pragma once

#include <map>
#include <string>
#include <vector>

#include "chat/messages/backfill.h"
#include "chat/socket_ref.h"

namespace atrium::chat {

/// The sockets of one channel that are about to be told what they missed. What is said meanwhile is kept back for them, so
/// that each gets first the old, then the new, nothing twice and nothing not at all. At the channel's home. A pure value.
class CatchUp final {
 public:
  /// From now on `socket` gets no message of the channel until end().
  void begin(const SocketRef& socket) { waiting_.try_emplace(socket); }
  /// It has gone.
  void forget(const SocketRef& socket) { waiting_.erase(socket); }
  /// Keeps `frame` for those who wait; the ids of their sockets, which are not to be told now.
  std::vector<std::string> keep_back(const MessageFrame& frame);
  bool waits(const SocketRef& socket) const { return waiting_.contains(socket); }

  /// Completes `backfill` with what was kept for `socket`. When that was too much to be kept, it is to begin anew.
  void end(const SocketRef& socket, Backfill& backfill);
  /// There is no backfill: just what was kept.
  std::vector<MessageFrame> give_up(const SocketRef& socket);

  static constexpr std::size_t kKept = 1000;  ///< for one socket, in the time of one query

 private:
  struct Kept {
    std::vector<MessageFrame> frames;
    storage::ChannelCounts lost;  ///< up to here nothing was kept
  };

  std::map<SocketRef, Kept> waiting_;
};

}  // namespace atrium::chat
