#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/unique_function.h"
#include "net/shard.h"
#include "socketio/audience.h"
#include "socketio/receiver.h"
#include "socketio/room_index.h"

namespace atrium::socketio {

class RoomEvents;

/// Reaches the sockets of one namespace wherever they are. Any thread, unless said otherwise. What one shard asks for reaches
/// every other shard in the order of asking. What is called back comes on the shard that asked (on the first shard, when the
/// asker was none).
class Adapter {
 public:
  template <class T>
  using Callback = UniqueFunction<void(T)>;

  virtual ~Adapter() = default;
  virtual void broadcast(const Audience& audience, Broadcast broadcast) = 0;
  /// Asks everybody for an acknowledgement under one id, and waits for `timeout` at most.
  virtual void ask(const Audience& audience, Broadcast broadcast, std::uint64_t ack_id, Duration timeout,
                   Callback<AckAnswers> done) = 0;
  virtual void sockets_join(const Audience& audience, std::vector<std::string> rooms) = 0;
  virtual void sockets_leave(const Audience& audience, std::vector<std::string> rooms) = 0;
  virtual void disconnect_sockets(const Audience& audience, Close close) = 0;
  virtual void fetch_sockets(const Audience& audience, Detail detail, Callback<std::vector<SocketInfo>> done) = 0;
  virtual void count_sockets(const Audience& audience, Callback<std::size_t> done) = 0;
  /// Tells the other nodes. `done`, if there is one, comes with the answer of each that gives one.
  virtual void server_side_emit(json::array event, Callback<std::vector<json::value>> done) = 0;
  /// The rooms of `shard`; only that shard's thread touches them.
  virtual RoomIndex& rooms(const net::Shard& shard) = 0;
  /// As long as it is there, what other nodes say to one of these rooms comes here, whether anybody is in it or not: for a client
  /// that was lost in them.
  virtual std::shared_ptr<const void> hold(const std::vector<std::string>& /*rooms*/) { return nullptr; }
  /// The namespace's own, once, before its first socket: for an adapter that wants to know which rooms there are.
  virtual void watch(RoomEvents&) {}
};

}  // namespace atrium::socketio
