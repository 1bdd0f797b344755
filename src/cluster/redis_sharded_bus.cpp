#include "cluster/redis_sharded_bus.h"

#include "cluster/adapter_wire.h"
#include "cluster/node_id.h"

namespace atrium::cluster {

namespace {

using By = redis::Subscriber::By;

/// Of such a length is the id of a socket, for which there is no channel of its own.
constexpr std::size_t kSocketId = 20;

}  // namespace

RedisShardedBus::RedisShardedBus(net::Shard& shard, const redis::Address& address, const std::string& key,
                                 std::function<void(bool up)> on_change)
    : RedisBus(shard, address, node_id(), std::move(on_change)), prefix_(key + "#") {}

std::string RedisShardedBus::new_request() { return node_id(); }

std::string RedisShardedBus::channel_of(const std::string& nsp, std::string_view part) const {
  std::string channel = prefix_ + nsp + "#";
  if (!part.empty()) channel.append(part).append("#");
  return channel;
}

void RedisShardedBus::say(const std::string& nsp, const NodeMessage& message) {
  std::string channel = channel_of(nsp);
  if (const auto* said = std::get_if<say::Event>(&message.what); said && message.request.empty()) {
    const auto& rooms = said->audience.rooms;
    if (rooms.size() == 1 && rooms.front().size() != kSocketId) channel = channel_of(nsp, rooms.front());
  }
  publish("SPUBLISH", std::move(channel), adapter::encode(nsp, message.from, adapter::parts_of(message)));
}

void RedisShardedBus::answer(const std::string& nsp, const std::string& to, const NodeAnswer& answer) {
  publish("SPUBLISH", channel_of(nsp, to), adapter::encode(nsp, id(), adapter::parts_of(answer)));
}

void RedisShardedBus::on_enter(const std::string& nsp) {
  subscriber().subscribe(By::shard, channel_of(nsp));
  subscriber().subscribe(By::shard, channel_of(nsp, id()));
}

void RedisShardedBus::on_leave(const std::string& nsp) {
  subscriber().unsubscribe(By::shard, channel_of(nsp));
  subscriber().unsubscribe(By::shard, channel_of(nsp, id()));
}

void RedisShardedBus::on_room(const std::string& nsp, const std::string& room, bool exists) {
  if (room.size() == kSocketId || room.empty()) return;
  if (exists) {
    subscriber().subscribe(By::shard, channel_of(nsp, room));
  } else {
    subscriber().unsubscribe(By::shard, channel_of(nsp, room));
  }
}

void RedisShardedBus::count_others(const std::string& nsp, UniqueFunction<void(std::optional<std::size_t>)> told) {
  count_by("SHARDNUMSUB", channel_of(nsp), std::move(told));
}

void RedisShardedBus::on_published(const std::string& channel, std::string_view octets) {
  std::string nsp;
  if (!std::string_view(channel).starts_with(prefix_)) return;
  const Ears* ears = ears_of(std::string_view(channel).substr(prefix_.size()), nsp);
  auto received = ears ? receive(octets) : std::nullopt;
  if (!received) return;
  if (channel != channel_of(nsp, id())) return hear(adapter::message_of(nsp, std::move(*received)), *ears);
  if (auto answer = adapter::answer_of(std::move(*received))) ears->answer(std::move(*answer));
}

}  // namespace atrium::cluster
