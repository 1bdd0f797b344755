#include "chat/live/viewer_check.h"

namespace atrium::chat {

Task<void> ViewerCheck::look_again(Claims claims, storage::WorkspaceId workspace) const {
  const storage::UserId user(claims.subject);
  const storage::SessionId session(claims.session);
  const auto known = co_await accounts_.user_of(std::move(claims));
  if (!known) {
    if (session.empty()) {
      viewers_.end_of(user, known.error());
    } else {
      viewers_.end_of(session, known.error());
    }
    co_return;
  }
  const auto open = co_await membership_.workspace(workspace, user);
  if (!open) viewers_.end_in(workspace, user, open.error());
}

}  // namespace atrium::chat
