#pragma once

#include <map>
#include <optional>
#include <vector>

#include "chat/socket_ref.h"
#include "storage/ids.h"

namespace atrium::chat {

/// The sockets of each user, the oldest first, and no more of them than allowed. A pure value.
class SocketQuota final {
 public:
  /// The socket that has to go because this one came, if one has; it counts no more.
  std::optional<SocketRef> enter(const storage::UserId& user, const SocketRef& socket, std::size_t allowed) {
    auto& sockets = sockets_[user];
    sockets.push_back(socket);
    if (sockets.size() <= allowed) return std::nullopt;
    const SocketRef oldest = sockets.front();
    sockets.erase(sockets.begin());
    return oldest;
  }
  void leave(const storage::UserId& user, const SocketRef& socket) {
    const auto found = sockets_.find(user);
    if (found == sockets_.end()) return;
    std::erase(found->second, socket);
    if (found->second.empty()) sockets_.erase(found);
  }
  std::size_t user_count() const { return sockets_.size(); }

 private:
  std::map<storage::UserId, std::vector<SocketRef>> sockets_;
};

}  // namespace atrium::chat
