#include "chat/channels/elsewhere.h"

namespace atrium::chat {

using storage::UserId;

bool Elsewhere::enter(const NodeId& node, const UserId& user) {
  auto& nodes = users_[user];
  return nodes.insert(node).second && nodes.size() == 1;
}

bool Elsewhere::leave(const NodeId& node, const UserId& user) {
  const auto found = users_.find(user);
  if (found == users_.end() || found->second.erase(node) == 0) return false;
  if (!found->second.empty()) return false;
  users_.erase(found);
  return true;
}

void Elsewhere::count(const NodeId& node, std::size_t sockets) {
  if (sockets == 0) {
    sockets_.erase(node);
  } else {
    sockets_[node] = sockets;
  }
}

std::vector<UserId> Elsewhere::users() const {
  std::vector<UserId> all;
  for (const auto& [user, nodes] : users_) all.push_back(user);
  return all;
}

std::vector<UserId> Elsewhere::users_of(const NodeId& node) const {
  std::vector<UserId> all;
  for (const auto& [user, nodes] : users_) {
    if (nodes.contains(node)) all.push_back(user);
  }
  return all;
}

std::size_t Elsewhere::socket_count() const {
  std::size_t all = 0;
  for (const auto& [node, sockets] : sockets_) all += sockets;
  return all;
}

}  // namespace atrium::chat
