#include "chat/presence/presence_tracker.h"

namespace atrium::chat {

Attendance::Arrival PresenceTracker::arrive(const WhoIs& who, const SocketRef& socket) {
  const auto arrival = attendance_.arrive(who->user, socket);
  if (arrival == Attendance::Arrival::first) {
    online_[who->user] = who;
    for (const auto& workspace : who->workspaces) views_[workspace][who->user] = who;
  }
  return arrival;
}

PresenceTracker::WhoIs PresenceTracker::give_up(const storage::UserId& user) {
  if (!attendance_.give_up(user)) return nullptr;
  const WhoIs who = online_.extract(user).mapped();
  for (const auto& workspace : who->workspaces) {
    const auto view = views_.find(workspace);
    view->second.erase(user);
    if (view->second.empty()) views_.erase(view);
  }
  return who;
}

PresenceTracker::WhoIs PresenceTracker::enter(const storage::UserId& user, const storage::WorkspaceId& workspace) {
  const auto found = online_.find(user);
  if (found == online_.end() || is_in(*found->second, workspace)) return nullptr;
  found->second = with_workspace(*found->second, workspace);
  for (const auto& each : found->second->workspaces) views_[each][user] = found->second;
  return found->second;
}

PresenceTracker::WhoIs PresenceTracker::leave(const storage::UserId& user, const storage::WorkspaceId& workspace) {
  const auto found = online_.find(user);
  if (found == online_.end() || !is_in(*found->second, workspace)) return nullptr;
  found->second = without_workspace(*found->second, workspace);
  for (const auto& each : found->second->workspaces) views_[each][user] = found->second;
  const auto view = views_.find(workspace);
  view->second.erase(user);
  if (view->second.empty()) views_.erase(view);
  return found->second;
}

const std::map<storage::UserId, PresenceTracker::WhoIs>& PresenceTracker::online_in(
    const storage::WorkspaceId& workspace) const {
  static const std::map<storage::UserId, WhoIs> kNobody;
  const auto view = views_.find(workspace);
  return view == views_.end() ? kNobody : view->second;
}

}  // namespace atrium::chat
