#pragma once

#include <memory>
#include <string>

#include "chat/channels.h"
#include "chat/entrance.h"
#include "chat/messages.h"
#include "socketio/namespace.h"

namespace atrium::chat {

/// The events that clients of the namespace /chat may send, each with its payload and what it does. What an event may rely
/// on: its sender is authenticated, its payload has the right shape, and the sender's earlier events have been taken over.
class SocketApi final {
 public:
  SocketApi(Entrance& entrance, Channels& channels, Messages& messages)
      : entrance_(entrance), channels_(channels), messages_(messages) {}

  /// Before the server starts.
  void attach(socketio::Namespace& nsp);

  static constexpr std::size_t kMaxWaiting = 256;  ///< events of one socket that may wait for those before them

 private:
  /// `handler` is `Task<void>(Reply, Payload)`, or `void(const Reply&, const Payload&)` for what never waits.
  template <class Payload, class Handler>
  void on(socketio::Namespace& nsp, std::string event, Handler handler);
  template <class Payload, class Handler>
  Task<void> in_turn(Reply reply, json::value payload, Handler handler);

  Task<void> edit(Reply reply, events::EditRequest request);
  Task<void> remove(Reply reply, events::MessageRef request);

  Entrance& entrance_;
  Channels& channels_;
  Messages& messages_;
};

}  // namespace atrium::chat
