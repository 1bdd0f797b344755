#include "socketio/local_adapter.h"

namespace atrium::socketio {

LocalAdapter::LocalAdapter(net::ShardSet& shards) : shards_(shards) {
  for (std::size_t i = 0; i < shards_.size(); ++i) rooms_.push_back(std::make_unique<RoomIndex>());
}

template <class Action>
void LocalAdapter::on_every_shard(const Audience& audience, Action action) {
  if (shards_.size() == 1 && net::Shard::current()) {
    action(*rooms_.front(), audience);
    return;
  }
  const auto shared = std::make_shared<const Audience>(audience);
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    shards_[i].dispatch([&rooms = *rooms_[i], shared, action] { action(rooms, *shared); });
  }
}

void LocalAdapter::broadcast(const Audience& audience, engineio::SharedMessagePtr message) {
  on_every_shard(audience, [message = std::move(message)](RoomIndex& rooms, const Audience& to) {
    rooms.each(to, [&](Receiver& receiver) { receiver.deliver(message, to.may_drop); });
  });
}

void LocalAdapter::sockets_join(const Audience& audience, const std::string& room) {
  on_every_shard(audience, [room](RoomIndex& rooms, const Audience& who) {
    for (Receiver* receiver : rooms.collect(who)) receiver->join(room);
  });
}

void LocalAdapter::sockets_leave(const Audience& audience, const std::string& room) {
  on_every_shard(audience, [room](RoomIndex& rooms, const Audience& who) {
    for (Receiver* receiver : rooms.collect(who)) receiver->leave(room);
  });
}

void LocalAdapter::disconnect_sockets(const Audience& audience, Close close) {
  on_every_shard(audience, [close](RoomIndex& rooms, const Audience& who) {
    // Ending one may end others of its connection: look each up again by its id.
    std::vector<std::string> ids;
    for (const Receiver* receiver : rooms.collect(who)) ids.push_back(receiver->id());
    for (const auto& id : ids) {
      for (Receiver* receiver : rooms.collect({.rooms = {id}, .except = {}})) {
        if (receiver->id() == id) receiver->disconnect(close);
      }
    }
  });
}

}  // namespace atrium::socketio
