#include "chat/socket_api.h"

#include "base/log.h"
#include "base/timestamp.h"

namespace atrium::chat {

using socketio::Context;
using socketio::Event;
using socketio::Socket;

namespace {

void answer_change(const Reply& reply, const Outcome<storage::Message>& changed) {
  if (!changed) return reply.fail(changed.error());
  reply.ok(events::Changed{.messageId = changed->id.value, .rev = changed->rev, .updatedAt = to_iso8601(changed->updated_at)});
}

const storage::UserId& user_of(const Context& context) { return visitor_of(context.socket()).identity->user; }

}  // namespace

void SocketApi::attach(socketio::Namespace& nsp) {
  Controller::attach(nsp);
  nsp.use([this](Socket& socket, const socketio::Next& next) { entrance_.look_again(socket, next); });
  nsp.on_overflow(
      [](Socket& socket, Event& event) { Reply(socket.shared_from_this(), event).fail(failures::too_many_requests()); });
}

bool SocketApi::admit(Context& context) const {
  if (visitor_of(context.socket()).state == Visitor::State::ready || context.event().name == "auth:refresh") return true;
  entrance_.refuse(Reply(context));
  return false;
}

void SocketApi::refuse(Context& context, const socketio::Refusal& refusal) const {
  Reply(context).fail({422, refusal.code(), refusal.message(), refusal.field()});
}

void SocketApi::fail(Context& context, const std::exception& error) const {
  log::error("'{}' of {} failed: {}", context.event().name, context.socket().id(), error.what());
  const bool database = dynamic_cast<const storage::StoreUnavailable*>(&error) != nullptr;
  Reply(context).fail(database ? failures::unavailable() : failures::internal());
}

Task<void> SocketApi::connected(Socket& socket) { return entrance_.enter(socket); }

void SocketApi::disconnected(Socket& socket, socketio::DisconnectReason reason) { entrance_.on_disconnect(socket, reason); }

Task<void> SocketApi::refresh(Context& context, events::TokenRequest request) {
  return entrance_.refresh(Reply(context), std::move(request));
}

Task<void> SocketApi::join(Context& context, events::ChannelRef request) {
  return channels_.join(Reply(context), std::move(request));
}

void SocketApi::leave(Context& context, const events::ChannelRef& request) { channels_.leave(Reply(context), request); }

void SocketApi::start_typing(Context& context, const events::ChannelRef& request) {
  channels_.start_typing(Reply(context), request);
}

void SocketApi::stop_typing(Context& context, const events::ChannelRef& request) {
  channels_.stop_typing(Reply(context), request);
}

Task<void> SocketApi::send(Context& context, events::SendRequest request) {
  return messages_.send(Reply(context), std::move(request));
}

Task<void> SocketApi::edit(Context& context, events::EditRequest request) {
  answer_change(Reply(context), co_await messages_.edit(user_of(context), storage::MessageId(request.messageId),
                                                        std::move(request.content), context.socket().id()));
}

Task<void> SocketApi::remove(Context& context, events::MessageRef request) {
  answer_change(Reply(context),
                co_await messages_.remove(user_of(context), storage::MessageId(request.messageId), context.socket().id()));
}

}  // namespace atrium::chat
