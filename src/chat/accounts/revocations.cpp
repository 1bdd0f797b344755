#include "chat/accounts/revocations.h"

#include "chat/events.h"
#include "chat/events/outgoing.h"
#include "chat/rooms.h"

namespace atrium::chat {

Revocations::Revocations(socketio::Namespace& nsp, Viewers& viewers, Peers& peers)
    : nsp_(nsp), viewers_(viewers), peers_(peers) {
  peers_.hear<facts::EndedSession>(
      [this](const NodeId&, const facts::EndedSession& ended) { end(storage::SessionId(ended.sessionId)); });
  peers_.hear<facts::Deactivated>(
      [this](const NodeId&, const facts::Deactivated& ended) { end(storage::UserId(ended.userId)); });
}

void Revocations::session_ended(const storage::SessionId& session) {
  peers_.tell(facts::EndedSession{session.value});
  end(session);
}

void Revocations::user_deactivated(const storage::UserId& user) {
  peers_.tell(facts::Deactivated{user.value});
  end(user);
}

void Revocations::end(const storage::SessionId& session) {
  const Failure why = failures::session_revoked();
  put_out(rooms::of_session(session), why);
  viewers_.end_of(session, why);
}

void Revocations::end(const storage::UserId& user) {
  const Failure why = failures::user_inactive();
  put_out(rooms::of_user(user), why);
  viewers_.end_of(user, why);
}

void Revocations::put_out(std::string room, const Failure& why) {
  ++count_;
  const auto sockets = nsp_.local().to(std::move(room));
  events::emit<"error">(sockets, events::Error{.message = why.message, .code = why.code, .status = why.status});
  sockets.disconnect_sockets(socketio::Close::connection);
}

}  // namespace atrium::chat
