#include "chat/socket_api.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "base/timestamp.h"

namespace atrium::chat {

using socketio::Context;
using socketio::Event;
using socketio::Socket;

namespace {

void answer_change(const Reply& reply, const Outcome<storage::Message>& changed) {
  if (!changed) return reply.fail(changed.error());
  reply.ok(events::Changed{.messageId = changed->id.value,
                           .seq = changed->seq,
                           .rev = changed->rev,
                           .modSeq = changed->mod_seq,
                           .updatedAt = to_iso8601(changed->updated_at)});
}

template <class Handler>
constexpr std::string_view event_of(const Handler&) {
  if constexpr (requires { Handler::event; }) return Handler::event;
  return {};
}

bool is_known(std::string_view event) {
  return std::apply([event](auto... handlers) { return ((event_of(handlers) == event) || ...); }, SocketApi::handlers());
}

/// Events that somebody's doing makes, not his program's.
bool is_sign_of_life(std::string_view event) {
  constexpr std::array<std::string_view, 5> kSigns{"message:send", "channel:typing", "channel:join", "channel:read",
                                                   "presence:active"};
  return std::find(kSigns.begin(), kSigns.end(), event) != kSigns.end();
}

const storage::UserId& user_of(const Context& context) { return visitor_of(context.socket()).identity->user; }

}  // namespace

void SocketApi::attach(socketio::Namespace& nsp) {
  Controller::attach(nsp);
  nsp.use([this](Socket& socket, const socketio::Next& next) { entrance_.look_again(socket, next); });
  // What has no handler is nothing to us, but a flood of it is.
  nsp.on_any([this](Socket& socket, Event& event) {
    if (!is_known(event.name)) limiter_.admits(socket, event);
  });
  nsp.on_overflow(
      [](Socket& socket, Event& event) { Reply(socket.shared_from_this(), event).fail(failures::too_many_requests()); });
}

bool SocketApi::admit(Context& context) const {
  if (!limiter_.admits(context.socket(), context.event())) return false;
  const Visitor& visitor = visitor_of(context.socket());
  const std::string& name = context.event().name;
  const bool ready = visitor.state == Visitor::State::ready;
  if (name == "auth:refresh") return true;
  if (ready && visitor.token_phase != Visitor::TokenPhase::expired) {
    if (is_sign_of_life(name)) presence_.active(context.socket());
    return true;
  }
  if (ready) {
    Reply(context).fail(failures::token_expired());
  } else {
    entrance_.refuse(Reply(context));
  }
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

void SocketApi::disconnecting(Socket& socket, socketio::DisconnectReason) { entrance_.on_disconnecting(socket); }
void SocketApi::disconnected(Socket& socket, socketio::DisconnectReason reason) { entrance_.on_disconnect(socket, reason); }

Task<void> SocketApi::refresh(Context& context, events::TokenRequest request) {
  return entrance_.refresh(Reply(context), std::move(request));
}

Task<void> SocketApi::join(Context& context, events::JoinRequest request) {
  return channels_.join(Reply(context), std::move(request));
}

void SocketApi::leave(Context& context, const events::ChannelRef& request) { channels_.leave(Reply(context), request); }

void SocketApi::start_typing(Context& context, const events::ChannelRef& request) {
  channels_.start_typing(Reply(context), request);
}

void SocketApi::stop_typing(Context& context, const events::ChannelRef& request) {
  channels_.stop_typing(Reply(context), request);
}

Task<void> SocketApi::mark_read(Context& context, events::ReadRequest request) {
  return reads_.mark(Reply(context), std::move(request));
}

Task<void> SocketApi::send(Context& context, events::SendRequest request) {
  return messages_.send(Reply(context), std::move(request));
}

Task<void> SocketApi::edit(Context& context, events::EditRequest request) {
  answer_change(Reply(context), co_await messages_.edit(user_of(context), std::move(request), context.socket().id()));
}

Task<void> SocketApi::remove(Context& context, events::MessageRef request) {
  answer_change(Reply(context),
                co_await messages_.remove(user_of(context), storage::MessageId(request.messageId), context.socket().id()));
}

Task<void> SocketApi::choose_status(Context& context, events::StatusRequest request) {
  return presence_.choose(Reply(context), std::move(request));
}

void SocketApi::active(Context& context) { Reply(context).ok(events::Noticed{}); }

void SocketApi::subscribe(Context& context, const events::Subscription& request) {
  presence_.subscribe(Reply(context), request);
}

void SocketApi::sync(Context& context, const events::WorkspaceRef& request) { presence_.sync(Reply(context), request); }

}  // namespace atrium::chat
