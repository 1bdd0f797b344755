#pragma once

#include <string>

#include "engineio/shared_message.h"
#include "net/shard.h"
#include "socketio/audience.h"
#include "socketio/receiver.h"
#include "socketio/room_index.h"

namespace atrium::socketio {

/// Reaches the sockets of one namespace wherever they are. Any thread, unless said otherwise. What one shard asks for reaches
/// every other shard in the order of asking.
class Adapter {
 public:
  virtual ~Adapter() = default;
  virtual void broadcast(const Audience& audience, engineio::SharedMessagePtr message) = 0;
  virtual void sockets_join(const Audience& audience, const std::string& room) = 0;
  virtual void sockets_leave(const Audience& audience, const std::string& room) = 0;
  virtual void disconnect_sockets(const Audience& audience, Close close) = 0;
  /// The rooms of `shard`; only that shard's thread touches them.
  virtual RoomIndex& rooms(const net::Shard& shard) = 0;
};

}  // namespace atrium::socketio
