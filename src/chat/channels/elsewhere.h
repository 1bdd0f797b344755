#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "chat/nodes/node_id.h"
#include "storage/ids.h"

namespace atrium::chat {

/// Who is in a channel by sockets of other nodes, as those nodes say. A pure value.
class Elsewhere final {
 public:
  /// True: nobody else said so of him before.
  bool enter(const NodeId& node, const storage::UserId& user);
  /// True: nobody says so any more.
  bool leave(const NodeId& node, const storage::UserId& user);
  /// The node has so many sockets in the channel.
  void count(const NodeId& node, std::size_t sockets);
  void forget(const NodeId& node) { sockets_.erase(node); }

  bool has(const storage::UserId& user) const { return users_.contains(user); }
  std::vector<storage::UserId> users() const;
  template <class Which>
  std::size_t count_if(Which which) const {
    return static_cast<std::size_t>(
        std::count_if(users_.begin(), users_.end(), [&](const auto& entry) { return which(entry.first); }));
  }
  std::vector<storage::UserId> users_of(const NodeId& node) const;
  std::size_t socket_count() const;

 private:
  std::map<storage::UserId, std::set<NodeId>> users_;
  std::map<NodeId, std::size_t> sockets_;
};

}  // namespace atrium::chat
