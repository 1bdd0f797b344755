#include "cluster/redis_sharded_bus.h"

#include "cluster/adapter_wire.h"

namespace atrium::cluster {

namespace {

/// Of such a length is the id of a socket, for which there is no channel of its own.
constexpr std::size_t kSocketId = 20;

}  // namespace

RedisShardedBus::RedisShardedBus(net::Shard& shard, const redis::Address& address, const std::string& key,
                                 std::function<void(bool up)> on_change)
    : AdapterBus(shard, address, key, {redis::Subscriber::By::shard, "SPUBLISH", "SHARDNUMSUB"}, std::move(on_change)) {}

void RedisShardedBus::say(const std::string& nsp, const NodeMessage& message) {
  std::string_view room;
  if (const auto* said = std::get_if<say::Event>(&message.what); said && message.request.empty()) {
    const auto& rooms = said->audience.rooms;
    if (rooms.size() == 1 && rooms.front().size() != kSocketId) room = rooms.front();
  }
  publish(commands().publish, channel_of(nsp, room), adapter::encode(nsp, message.from, adapter::parts_of(message)));
}

void RedisShardedBus::on_room(const std::string& nsp, const std::string& room, bool exists) {
  if (room.size() == kSocketId || room.empty()) return;
  if (exists) {
    subscriber().subscribe(commands().subscribe, channel_of(nsp, room));
  } else {
    subscriber().unsubscribe(commands().subscribe, channel_of(nsp, room));
  }
}

}  // namespace atrium::cluster
