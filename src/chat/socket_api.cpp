#include "chat/socket_api.h"

#include "base/log.h"
#include "base/timestamp.h"

namespace atrium::chat {

using socketio::Event;
using socketio::Socket;

namespace {

/// What answers while a socket is in limbo.
template <class Payload>
inline constexpr bool kOpenToAll = std::is_same_v<Payload, events::TokenRequest>;

}  // namespace

void SocketApi::attach(socketio::Namespace& nsp) {
  nsp.on_connection([this](Socket& socket) { entrance_.on_connection(socket); });
  nsp.on_disconnect([this](Socket& socket, socketio::DisconnectReason reason) { entrance_.on_disconnect(socket, reason); });

  on<events::TokenRequest>(nsp, "auth:refresh", [this](Reply reply, events::TokenRequest request) {
    return entrance_.refresh(std::move(reply), std::move(request));
  });
  on<events::ChannelRef>(nsp, "channel:join", [this](Reply reply, events::ChannelRef request) {
    return channels_.join(std::move(reply), std::move(request));
  });
  on<events::ChannelRef>(nsp, "channel:leave",
                         [this](const Reply& reply, const events::ChannelRef& request) { channels_.leave(reply, request); });
  on<events::ChannelRef>(nsp, "channel:typing", [this](const Reply& reply, const events::ChannelRef& request) {
    channels_.start_typing(reply, request);
  });
  on<events::ChannelRef>(nsp, "channel:stop_typing", [this](const Reply& reply, const events::ChannelRef& request) {
    channels_.stop_typing(reply, request);
  });
  on<events::SendRequest>(nsp, "message:send", [this](Reply reply, events::SendRequest request) {
    return messages_.send(std::move(reply), std::move(request));
  });
  on<events::EditRequest>(nsp, "message:edit", [this](Reply reply, events::EditRequest request) {
    return edit(std::move(reply), std::move(request));
  });
  on<events::MessageRef>(nsp, "message:delete", [this](Reply reply, events::MessageRef request) {
    return remove(std::move(reply), std::move(request));
  });
}

template <class Payload, class Handler>
void SocketApi::on(socketio::Namespace& nsp, std::string event, Handler handler) {
  nsp.on(std::move(event), [this, handler](Socket& socket, Event& received) {
    Reply reply(socket.shared_from_this(), received);
    json::value payload = received.args.empty() ? json::value() : std::move(received.args.front());
    auto& turnstile = visitor_of(socket).turnstile;
    if (turnstile.waiting() >= kMaxWaiting) return reply.fail(failures::too_many_requests());
    spawn(in_turn<Payload>(std::move(reply), std::move(payload), handler));
  });
}

template <class Payload, class Handler>
Task<void> SocketApi::in_turn(Reply reply, json::value payload, Handler handler) {
  const auto turn = co_await visitor_of(reply.socket()).turnstile.enter();
  if (!reply.socket().connected()) co_return;
  const bool ready = visitor_of(reply.socket()).state == Visitor::State::ready;
  if (!ready && !kOpenToAll<Payload>) {
    entrance_.refuse(reply);
    co_return;
  }
  auto request = parse<Payload>(payload);
  if (!request) {
    reply.fail(request.error());
    co_return;
  }
  if constexpr (std::is_void_v<std::invoke_result_t<Handler&, const Reply&, const Payload&>>) {
    handler(reply, *request);
  } else {
    try {
      co_await handler(reply, std::move(*request));
    } catch (const storage::StoreUnavailable& error) {
      log::error("an event of {} failed: {}", reply.socket().id(), error.what());
      reply.fail(failures::unavailable());
    }
  }
}

Task<void> SocketApi::edit(Reply reply, events::EditRequest request) {
  const auto edited = co_await messages_.edit(visitor_of(reply.socket()).identity->user, storage::MessageId(request.messageId),
                                              std::move(request.content), reply.socket().id());
  if (!edited) {
    reply.fail(edited.error());
  } else {
    reply.ok(events::Changed{.messageId = edited->id.value, .rev = edited->rev, .updatedAt = to_iso8601(edited->updated_at)});
  }
}

Task<void> SocketApi::remove(Reply reply, events::MessageRef request) {
  const auto removed = co_await messages_.remove(visitor_of(reply.socket()).identity->user,
                                                 storage::MessageId(request.messageId), reply.socket().id());
  if (!removed) {
    reply.fail(removed.error());
  } else {
    reply.ok(
        events::Changed{.messageId = removed->id.value, .rev = removed->rev, .updatedAt = to_iso8601(removed->updated_at)});
  }
}

}  // namespace atrium::chat
