#include "chat/presence/attendance.h"

#include <algorithm>

namespace atrium::chat {

using storage::UserId;

Attendance::Arrival Attendance::arrive(const UserId& user, const SocketRef& socket) {
  const auto [found, is_new] = users_.try_emplace(user);
  Presence& presence = found->second;
  if (!presence.sockets.insert(socket).second) return Arrival::known;
  ++socket_count_;
  if (presence.grace) {
    waiting_.erase({*presence.grace, user});
    presence.grace.reset();
    return Arrival::back_in_time;
  }
  return is_new ? Arrival::first : Arrival::one_more;
}

Attendance::Departure Attendance::depart(const UserId& user, const SocketRef& socket) {
  const auto found = users_.find(user);
  if (found == users_.end() || found->second.sockets.erase(socket) == 0) return Departure::unknown;
  --socket_count_;
  if (!found->second.sockets.empty()) return Departure::not_last;
  users_.erase(found);
  return Departure::last;
}

Attendance::Departure Attendance::lose(const UserId& user, const SocketRef& socket, TimePoint until) {
  const auto found = users_.find(user);
  if (found == users_.end() || found->second.sockets.erase(socket) == 0) return Departure::unknown;
  --socket_count_;
  if (!found->second.sockets.empty()) return Departure::not_last;
  found->second.grace = until;
  waiting_.emplace(until, user);
  return Departure::last;
}

bool Attendance::shorten(const UserId& user, TimePoint until) {
  const auto found = users_.find(user);
  if (found == users_.end() || !found->second.grace) return false;
  waiting_.erase({*found->second.grace, user});
  found->second.grace = std::min(*found->second.grace, until);
  waiting_.emplace(*found->second.grace, user);
  return true;
}

std::vector<UserId> Attendance::overdue(TimePoint now) const {
  std::vector<UserId> users;
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first <= now; ++first) users.push_back(first->second);
  return users;
}

bool Attendance::give_up(const UserId& user) {
  const auto found = users_.find(user);
  if (found == users_.end() || !found->second.grace) return false;
  waiting_.erase({*found->second.grace, user});
  users_.erase(found);
  return true;
}

std::set<SocketRef> Attendance::remove(const UserId& user) {
  const auto found = users_.find(user);
  if (found == users_.end()) return {};
  auto sockets = std::move(found->second.sockets);
  if (found->second.grace) waiting_.erase({*found->second.grace, user});
  users_.erase(found);
  socket_count_ -= sockets.size();
  return sockets;
}

std::optional<TimePoint> Attendance::next() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.begin()->first;
}

bool Attendance::has(const UserId& user, const SocketRef& socket) const {
  const auto found = users_.find(user);
  return found != users_.end() && found->second.sockets.contains(socket);
}

const std::set<SocketRef>* Attendance::sockets_of(const UserId& user) const {
  const auto found = users_.find(user);
  return found == users_.end() ? nullptr : &found->second.sockets;
}

std::vector<UserId> Attendance::users() const {
  std::vector<UserId> all;
  all.reserve(users_.size());
  for (const auto& [user, presence] : users_) all.push_back(user);
  return all;
}

}  // namespace atrium::chat
