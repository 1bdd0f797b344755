#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "chat/presence/presence_feed.h"

namespace atrium::chat {

/// Who has subscribed to whom in one workspace. Each watcher has a version of his own, because he is told of some steps only.
/// A pure value.
class Watchers final {
 public:
  /// What `socket` watches from now on, in place of what it did. It knows how they are at `wver`. An empty list ends it.
  void watch(const SocketRef& socket, std::vector<storage::UserId> users, std::uint64_t wver);
  void forget(const SocketRef& socket) { watch(socket, {}, 0); }

  struct Portion {
    SocketRef socket;
    PresenceFeed::Diff diff;
  };
  /// What each watcher is to hear of `diff`: no more than he watches, continuing what he heard last. Those who watch nobody in
  /// it are left out.
  std::vector<Portion> portions_of(const PresenceFeed::Diff& diff);
  /// Everybody has heard everything up to `wver`.
  void catch_up(std::uint64_t wver);

  std::size_t size() const { return watches_.size(); }

 private:
  struct Watch {
    std::vector<storage::UserId> users;
    std::uint64_t wver = 0;
  };
  std::map<SocketRef, Watch> watches_;
  std::unordered_map<storage::UserId, std::vector<SocketRef>> watched_by_;
};

}  // namespace atrium::chat
