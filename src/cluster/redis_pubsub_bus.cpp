#include "cluster/redis_pubsub_bus.h"

#include "base/random_id.h"
#include "cluster/classic_wire.h"

namespace atrium::cluster {

namespace {

using By = redis::Subscriber::By;

/// Six characters, as the official adapter has them.
std::string short_id() { return random_id(0).substr(2, 6); }

}  // namespace

RedisPubsubBus::RedisPubsubBus(net::Shard& shard, const redis::Address& address, const std::string& key,
                               std::function<void(bool up)> on_change)
    : RedisBus(shard, address, short_id(), std::move(on_change)),
      events_(key + "#"),
      requests_(key + "-request#"),
      responses_(key + "-response#") {}

std::string RedisPubsubBus::new_request() { return short_id(); }

void RedisPubsubBus::say(const std::string& nsp, const NodeMessage& message) {
  std::string octets = classic::encode(nsp, message);
  if (!classic::is_event(message)) return publish("PUBLISH", requests_ + nsp + "#", std::move(octets));
  std::string channel = events_ + nsp + "#";
  const auto& rooms = std::get<say::Event>(message.what).audience.rooms;
  if (rooms.size() == 1) channel += rooms.front() + "#";
  publish("PUBLISH", std::move(channel), std::move(octets));
}

void RedisPubsubBus::answer(const std::string& nsp, const std::string&, const NodeAnswer& answer) {
  // Older nodes listen to the channel of all answers alone.
  publish("PUBLISH", responses_ + nsp + "#", classic::encode(answer));
}

void RedisPubsubBus::on_enter(const std::string& nsp) {
  subscriber().subscribe(By::pattern, events_ + nsp + "#*");
  subscriber().subscribe(By::name, requests_ + nsp + "#");
  subscriber().subscribe(By::name, responses_ + nsp + "#");
  subscriber().subscribe(By::name, responses_ + nsp + "#" + id() + "#");
}

void RedisPubsubBus::on_leave(const std::string& nsp) {
  subscriber().unsubscribe(By::pattern, events_ + nsp + "#*");
  subscriber().unsubscribe(By::name, requests_ + nsp + "#");
  subscriber().unsubscribe(By::name, responses_ + nsp + "#");
  subscriber().unsubscribe(By::name, responses_ + nsp + "#" + id() + "#");
}

void RedisPubsubBus::count_others(const std::string& nsp, UniqueFunction<void(std::optional<std::size_t>)> told) {
  count_by("NUMSUB", requests_ + nsp + "#", std::move(told));
}

void RedisPubsubBus::on_published(const std::string& channel, std::string_view octets) {
  const std::string_view name = channel;
  std::string nsp;
  if (name.starts_with(events_)) {
    if (const Ears* ears = ears_of(name.substr(events_.size()), nsp)) hear(classic::decode_event(nsp, octets), *ears);
  } else if (name.starts_with(requests_)) {
    if (const Ears* ears = ears_of(name.substr(requests_.size()), nsp)) hear(classic::decode_request(octets), *ears);
  } else if (name.starts_with(responses_)) {
    const Ears* ears = ears_of(name.substr(responses_.size()), nsp);
    auto answer = ears ? classic::decode_answer(octets) : std::nullopt;
    if (answer) ears->answer(std::move(*answer));
  }
}

}  // namespace atrium::cluster
