#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chat/identity.h"
#include "chat/presence/attendance.h"

namespace atrium::chat {

/// Who is online, in all and in each workspace. A pure value; time is an argument.
class PresenceTracker final {
 public:
  using WhoIs = std::shared_ptr<const Identity>;

  Attendance::Arrival arrive(const WhoIs& who, const SocketRef& socket);
  /// The user stays online until `until`, for he may have another socket by then.
  void lose(const storage::UserId& user, const SocketRef& socket, TimePoint until) { attendance_.lose(user, socket, until); }
  std::vector<storage::UserId> overdue(TimePoint now) const { return attendance_.overdue(now); }
  std::optional<TimePoint> next() const { return attendance_.next(); }
  /// He is offline now, unless he has come back: then null.
  WhoIs give_up(const storage::UserId& user);

  /// A user who is online has come into a workspace, or gone from it. Who he is from then on; null: he is not online, or it
  /// was like that already.
  WhoIs enter(const storage::UserId& user, const storage::WorkspaceId& workspace);
  WhoIs leave(const storage::UserId& user, const storage::WorkspaceId& workspace);

  /// By user id.
  const std::map<storage::UserId, WhoIs>& online_in(const storage::WorkspaceId& workspace) const;
  const Attendance& attendance() const { return attendance_; }

 private:
  Attendance attendance_;
  std::map<storage::UserId, WhoIs> online_;
  std::map<storage::WorkspaceId, std::map<storage::UserId, WhoIs>> views_;
};

}  // namespace atrium::chat
