#include <set>

#include "base/log.h"
#include "chat/accounts/entrance.h"
#include "chat/accounts/handover.h"
#include "chat/events/outgoing.h"
#include "chat/rooms.h"

// The entrance of clients that were here before, and whose lost connection recovery takes up again.

namespace atrium::chat {

using socketio::Socket;
using storage::ChannelId;

namespace {

/// Out of all rooms where the visitor may not be any more; of channels it is told.
void leave_closed_rooms(Socket& socket, const Visitor& visitor, const Keepsake& kept) {
  const Identity& who = *visitor.identity;
  std::set<std::string> open{socket.id(), rooms::of_user(who.user), rooms::of_session(who.session)};
  for (const auto& channel : visitor.joined) {
    open.insert({rooms::of_channel(channel), rooms::of_receipts(channel), rooms::of_typing_v2(channel)});
  }
  for (const auto& workspace : who.workspaces) {
    open.insert({rooms::of_workspace(workspace), rooms::of_presence_events(workspace), rooms::of_presence_diffs(workspace)});
  }
  for (const auto& room : socket.rooms()) {
    if (!open.contains(room)) socket.leave(room);
  }
  for (const auto& id : kept.joined) {
    if (!visitor.joined.contains(ChannelId(id))) events::emit<"channel:removed">(socket, events::ChannelRemoved{id, "removed"});
  }
}

void keep_out(const socketio::Next& next, const Failure& why) {
  next(socketio::ConnectError{why.message, json::object{{"code", why.code}, {"status", why.status}}});
}

}  // namespace

void Entrance::look_again(Socket& socket, const socketio::Next& next) {
  auto kept = socket.recovered() ? Keepsake::of(socket.data) : std::nullopt;
  if (!kept) return next(std::nullopt);
  spawn(look_again_at(socket.shared_from_this(), std::move(*kept), next));
}

Task<void> Entrance::look_again_at(std::shared_ptr<Socket> socket, Keepsake kept, socketio::Next next) {
  // Somebody else has signed in where he was; nothing of his is meant for them.
  const auto claims = tokens_.verify(token_of(*socket), socket->shard().clock().wall());
  if (claims && claims->subject != kept.userId) {
    keep_out(next, of_another_user());
    co_return;
  }
  Accounts::Absentee absentee{.user = storage::UserId(kept.userId),
                              .session = storage::SessionId(kept.session),
                              .joined = {kept.joined.begin(), kept.joined.end()}};
  std::optional<Outcome<Accounts::Returning>> found;
  try {
    found = co_await accounts_.readmit(std::move(absentee));
  } catch (const storage::StoreUnavailable& error) {
    log::error("cannot let {} in again: {}", socket->id(), error.what());
    socket->drop_connection();  // it tries again
    co_return;
  }
  if (!socket->connecting()) co_return;
  if (!*found) {
    keep_out(next, found->error());
    co_return;
  }
  auto visitor = std::make_shared<Visitor>();
  visitor->caps = Capabilities::of(socket->auth());
  visitor->identity = std::move((*found)->identity);
  visitor->joined.insert((*found)->joined.begin(), (*found)->joined.end());
  leave_closed_rooms(*socket, *visitor, kept);
  if (kept.expiresAt) visitor->expires_at = WallTime(std::chrono::milliseconds(*kept.expiresAt));
  socket->local_data = visitor;
  // In this turn comes come_back(): what has been found out still holds there.
  next(std::nullopt);
}

Task<void> Entrance::come_back(std::shared_ptr<Socket> socket) {
  Visitor& visitor = visitor_of(*socket);
  visitor.state = Visitor::State::ready;
  auto view = Handover::view_of(*socket);
  socket->forget_auth();
  socket->data.clear();
  trust(*socket, visitor.expires_at);
  stage_.directory.add(*socket);
  limiter_.enter(*socket);
  ++stage_.counters.recoveries;
  if (!view) {
    presence_.enter(*socket);
    channels_.come_back(*socket);
    co_return;
  }
  presence_.enter(*socket, std::move(view->online));
  // What it missed is whole when its channels are through.
  socket->set_whole(false);
  try {
    co_await channels_.come_over(socket, std::move(view->channels));
    socket->set_whole(true);
  } catch (const storage::StoreUnavailable& error) {
    log::error("{} begins anew: {}", socket->id(), error.what());
    socket->drop_connection();
  }
}

}  // namespace atrium::chat
