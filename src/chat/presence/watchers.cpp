#include "chat/presence/watchers.h"

#include <algorithm>

namespace atrium::chat {

using storage::UserId;

void Watchers::watch(const SocketRef& socket, std::vector<UserId> users, std::uint64_t wver) {
  if (const auto before = watches_.find(socket); before != watches_.end()) {
    for (const UserId& user : before->second.users) {
      const auto watched = watched_by_.find(user);
      std::erase(watched->second, socket);
      if (watched->second.empty()) watched_by_.erase(watched);
    }
    watches_.erase(before);
  }
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  if (users.empty()) return;
  for (const UserId& user : users) watched_by_[user].push_back(socket);
  watches_[socket] = {std::move(users), wver};
}

std::vector<Watchers::Portion> Watchers::portions_of(const PresenceFeed::Diff& diff) {
  using Changes = std::vector<PresenceFeed::Change> PresenceFeed::Diff::*;
  std::map<SocketRef, PresenceFeed::Diff> portions;
  for (const Changes kind : {&PresenceFeed::Diff::offline, &PresenceFeed::Diff::online, &PresenceFeed::Diff::updated}) {
    for (const auto& change : diff.*kind) {
      const auto watched = watched_by_.find(change.user);
      if (watched == watched_by_.end()) continue;
      for (const SocketRef& socket : watched->second) (portions[socket].*kind).push_back(change);
    }
  }
  std::vector<Portion> all;
  for (auto& [socket, portion] : portions) {
    portion.wver = diff.wver;
    portion.from = std::exchange(watches_.at(socket).wver, diff.wver);
    all.push_back({socket, std::move(portion)});
  }
  return all;
}

void Watchers::catch_up(std::uint64_t wver) {
  for (auto& [socket, watch] : watches_) watch.wver = wver;
}

}  // namespace atrium::chat
