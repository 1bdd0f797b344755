#include "cluster/redis_pubsub_bus.h"

#include "base/base64.h"
#include "base/random_id.h"
#include "cluster/classic_wire.h"

namespace atrium::cluster {

namespace {

using By = redis::Subscriber::By;

/// Six characters, as the official adapter has them.
std::string short_id() { return random_id(0).substr(2, 6); }

}  // namespace

RedisPubsubBus::RedisPubsubBus(net::Shard& shard, const redis::Address& address, std::string key,
                               std::function<void(bool up)> on_change)
    : shard_(shard),
      events_(key + "#"),
      requests_(key + "-request#"),
      responses_(key + "-response#"),
      id_(short_id()),
      on_change_(std::move(on_change)),
      client_(shard, address, "the cluster's speaker"),
      subscriber_(shard, address, "the cluster's listener",
                  [this](const std::string& channel, std::string_view octets) { on_published(channel, octets); }) {
  client_.on_change([this](bool) { look(); });
  subscriber_.on_change([this](bool up) {
    subscribed_ = up;
    look();
  });
  shard_.post([this] {
    client_.start();
    subscriber_.start();
  });
}

std::string RedisPubsubBus::new_request() { return short_id(); }

void RedisPubsubBus::look() {
  const bool up = client_.up() && subscribed_;
  if (std::exchange(up_, up) != up && on_change_) on_change_(up);
}

void RedisPubsubBus::publish(std::string channel, std::string octets) {
  shard_.dispatch([this, channel = std::move(channel), octets = std::move(octets)] {
    client_.ask({"PUBLISH", channel, octets});
  });
}

void RedisPubsubBus::say(const std::string& nsp, const NodeMessage& message) {
  std::string octets = classic::encode(nsp, message);
  if (!classic::is_event(message)) return publish(requests_ + nsp + "#", std::move(octets));
  std::string channel = events_ + nsp + "#";
  const auto& rooms = std::get<say::Event>(message.what).audience.rooms;
  if (rooms.size() == 1) channel += rooms.front() + "#";
  publish(std::move(channel), std::move(octets));
}

void RedisPubsubBus::answer(const std::string& nsp, const std::string&, const NodeAnswer& answer) {
  // Older nodes listen to the channel of all answers alone.
  publish(responses_ + nsp + "#", classic::encode(answer));
}

void RedisPubsubBus::enter(const std::string& nsp, const void* who, Ears ears) {
  listeners_.insert_or_assign(nsp, Listener{who, std::move(ears)});
  subscriber_.subscribe(By::pattern, events_ + nsp + "#*");
  subscriber_.subscribe(By::name, requests_ + nsp + "#");
  subscriber_.subscribe(By::name, responses_ + nsp + "#");
  subscriber_.subscribe(By::name, responses_ + nsp + "#" + id_ + "#");
}

void RedisPubsubBus::leave(const std::string& nsp, const void* who) {
  const auto found = listeners_.find(nsp);
  if (found == listeners_.end() || found->second.who != who) return;
  listeners_.erase(found);
  subscriber_.unsubscribe(By::pattern, events_ + nsp + "#*");
  subscriber_.unsubscribe(By::name, requests_ + nsp + "#");
  subscriber_.unsubscribe(By::name, responses_ + nsp + "#");
  subscriber_.unsubscribe(By::name, responses_ + nsp + "#" + id_ + "#");
}

void RedisPubsubBus::count_others(const std::string& nsp, UniqueFunction<void(std::optional<std::size_t>)> told) {
  client_.ask({"PUBSUB", "NUMSUB", requests_ + nsp + "#"}, [told = std::move(told)](redis::Reply reply) mutable {
    if (reply.parts.size() != 2) return told(std::nullopt);
    // We are one of them; or will be, when our own subscription is not confirmed yet.
    told(static_cast<std::size_t>(std::max<std::int64_t>(reply.parts[1].integer - 1, 0)));
  });
}

const RedisPubsubBus::Listener* RedisPubsubBus::listener_of(std::string_view rest, std::string& nsp) const {
  // A namespace, or a room behind it, may have "#" in its name.
  for (auto end = rest.find('#'); end != rest.npos; end = rest.find('#', end + 1)) {
    nsp = rest.substr(0, end);
    if (const auto found = listeners_.find(nsp); found != listeners_.end()) return &found->second;
  }
  return nullptr;
}

void RedisPubsubBus::on_published(const std::string& channel, std::string_view octets) {
  const std::string_view name = channel;
  std::string nsp;
  const auto hear = [&](std::optional<NodeMessage> message, const Listener& listener) {
    if (message && message->from != id_) listener.ears.message(std::move(*message));
  };
  if (name.starts_with(events_)) {
    const Listener* listener = listener_of(name.substr(events_.size()), nsp);
    if (listener) hear(classic::decode_event(nsp, octets), *listener);
  } else if (name.starts_with(requests_)) {
    const Listener* listener = listener_of(name.substr(requests_.size()), nsp);
    if (listener) hear(classic::decode_request(octets), *listener);
  } else if (name.starts_with(responses_)) {
    const Listener* listener = listener_of(name.substr(responses_.size()), nsp);
    auto answer = listener ? classic::decode_answer(octets) : std::nullopt;
    if (answer) listener->ears.answer(std::move(*answer));
  }
}

}  // namespace atrium::cluster
