#pragma once

#include "chat/accounts/entrance.h"
#include "chat/channels/channels.h"
#include "chat/limits/limiter.h"
#include "chat/messages/messages.h"
#include "chat/messages/reads.h"
#include "chat/presence/presence.h"
#include "socketio/controller.h"

namespace atrium::chat {

/// The events that clients of the namespace /chat may send, each with its payload and what it does. What an event may rely
/// on: its sender is authenticated, its payload has the right shape, and the sender's earlier events have been taken over.
class SocketApi final : public socketio::Controller<SocketApi> {
 public:
  static constexpr auto handlers() {
    using namespace socketio;
    return std::tuple{
        on_connect<&SocketApi::connected>,
        on_disconnecting<&SocketApi::disconnecting>,
        on_disconnect<&SocketApi::disconnected>,
        on_message<"auth:refresh", &SocketApi::refresh>.answers<events::Authenticated>().with(
            {.summary = "Shows another token: to be let in, or to stay"}),
        on_message<"channel:join", &SocketApi::join>.answers<events::Joined>().with({.summary = "Enters a channel"}),
        on_message<"channel:leave", &SocketApi::leave>.answers<events::Left>().with({.summary = "Leaves a channel"}),
        on_message<"channel:typing", &SocketApi::start_typing>.answers<events::Left>().with({.summary = "I type"}),
        on_message<"channel:stop_typing", &SocketApi::stop_typing>.answers<events::Left>().with({.summary = "I type no more"}),
        on_message<"channel:read", &SocketApi::mark_read>.answers<events::ReadMarked>().with(
            {.summary = "Says how far I have read"}),
        on_message<"message:send", &SocketApi::send>.answers<events::Sent>().with({.summary = "Says something"}),
        on_message<"message:edit", &SocketApi::edit>.answers<events::Changed>().with({.summary = "Changes what I said"}),
        on_message<"message:delete", &SocketApi::remove>.answers<events::Changed>().with({.summary = "Takes back what I said"}),
        on_message<"presence:status", &SocketApi::choose_status>.answers<events::StatusTaken>().with(
            {.summary = "How I want to be shown"}),
        on_message<"presence:active", &SocketApi::active>.answers<events::Noticed>().with({.summary = "I am there"}),
        on_message<"presence:subscribe", &SocketApi::subscribe>.answers<events::Subscribed>().with(
            {.summary = "Whom I want to hear of where there are too many to hear of all"}),
        on_message<"presence:sync", &SocketApi::sync>.answers<events::Synced>().with(
            {.summary = "Asks for the presence of a workspace anew"}),
    };
  }

  SocketApi(Entrance& entrance, Channels& channels, Messages& messages, Reads& reads, Presence& presence, Limiter& limiter)
      : entrance_(entrance), channels_(channels), messages_(messages), reads_(reads), presence_(presence), limiter_(limiter) {}

  /// Before the server starts.
  void attach(socketio::Namespace& nsp);

  /// Not faster than allowed; and in limbo, and when the token has expired, only another try to show one. What people do is
  /// noticed here as a sign of life.
  bool admit(socketio::Context& context) const;
  void refuse(socketio::Context& context, const socketio::Refusal& refusal) const;
  void fail(socketio::Context& context, const std::exception& error) const;

 private:
  Task<void> connected(socketio::Socket& socket);
  void disconnecting(socketio::Socket& socket, socketio::DisconnectReason reason);
  void disconnected(socketio::Socket& socket, socketio::DisconnectReason reason);
  Task<void> refresh(socketio::Context& context, events::TokenRequest request);
  Task<void> join(socketio::Context& context, events::JoinRequest request);
  void leave(socketio::Context& context, const events::ChannelRef& request);
  void start_typing(socketio::Context& context, const events::ChannelRef& request);
  void stop_typing(socketio::Context& context, const events::ChannelRef& request);
  Task<void> mark_read(socketio::Context& context, events::ReadRequest request);
  Task<void> send(socketio::Context& context, events::SendRequest request);
  Task<void> edit(socketio::Context& context, events::EditRequest request);
  Task<void> remove(socketio::Context& context, events::MessageRef request);
  Task<void> choose_status(socketio::Context& context, events::StatusRequest request);
  void active(socketio::Context& context);
  void subscribe(socketio::Context& context, const events::Subscription& request);
  void sync(socketio::Context& context, const events::WorkspaceRef& request);

  Entrance& entrance_;
  Channels& channels_;
  Messages& messages_;
  Reads& reads_;
  Presence& presence_;
  Limiter& limiter_;
};

}  // namespace atrium::chat
