#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/shard_set.h"
#include "socketio/adapter.h"
#include "socketio/room_observer.h"

namespace atrium::socketio {

/// Tells of the rooms of one namespace in this process (the official adapter's create-room, delete-room, join-room and
/// leave-room). Costs nothing where nobody listens. Set up before the server starts.
class RoomEvents final {
 public:
  using OnRoom = std::function<void(const std::string& room)>;
  using OnMember = std::function<void(const std::string& room, const std::string& socket)>;

  RoomEvents(net::ShardSet& shards, Adapter& adapter);
  ~RoomEvents();

  /// A first socket of the process is in the room. Called on some shard, always the same one for a room, in order.
  void on_create(OnRoom handler);
  void on_delete(OnRoom handler);
  /// Called on the socket's shard.
  void on_join(OnMember handler);
  void on_leave(OnMember handler);

  /// For the adapter, of this namespace alone: the same as on_create() and on_delete(), but before them.
  void tell_adapter(OnRoom created, OnRoom deleted);
  void inherit(const RoomEvents& parent);

 private:
  class Observer;
  struct Told {
    std::vector<OnRoom> create;
    std::vector<OnRoom> destroy;
    std::vector<OnMember> join;
    std::vector<OnMember> leave;
  };
  /// On how many shards a room is; each room is counted by its home shard alone.
  using Census = std::unordered_map<std::string, std::size_t>;

  void observe();

  net::ShardSet& shards_;
  Adapter& adapter_;
  const std::shared_ptr<Told> told_ = std::make_shared<Told>();
  const std::shared_ptr<Told> adapters_ = std::make_shared<Told>();
  std::vector<std::unique_ptr<Observer>> observers_;  ///< one a shard, once somebody listens
};

}  // namespace atrium::socketio
