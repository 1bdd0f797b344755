#include "chat/accounts/revocations.h"

#include "chat/events.h"
#include "chat/rooms.h"

namespace atrium::chat {

void Revocations::session_ended(const storage::SessionId& session) {
  put_out(rooms::of_session(session), failures::session_revoked());
}

void Revocations::user_deactivated(const storage::UserId& user) { put_out(rooms::of_user(user), failures::user_inactive()); }

void Revocations::put_out(std::string room, const Failure& why) {
  ++count_;
  const auto sockets = nsp_.in(std::move(room));
  sockets.emit("error", events::Error{.message = why.message, .code = why.code, .status = why.status});
  sockets.disconnect_sockets(socketio::Close::connection);
}

}  // namespace atrium::chat
