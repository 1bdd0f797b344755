#include "cluster/redis_bus.h"

namespace atrium::cluster {

RedisBus::RedisBus(net::Shard& shard, const redis::Address& address, std::string id, std::function<void(bool up)> on_change)
    : shard_(shard),
      id_(std::move(id)),
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

void RedisBus::look() {
  const bool up = client_.up() && subscribed_ && complete();
  if (std::exchange(up_, up) != up && on_change_) on_change_(up);
}

void RedisBus::enter(const std::string& nsp, Ears ears) {
  listeners_.insert_or_assign(nsp, std::move(ears));
  on_enter(nsp);
}

void RedisBus::publish(std::string_view command, std::string channel, std::string octets) {
  shard_.dispatch([this, command, channel = std::move(channel), octets = std::move(octets)] {
    client_.ask({command, channel, octets});
  });
}

void RedisBus::count_by(std::string_view kind, const std::string& channel,
                        UniqueFunction<void(std::optional<std::size_t>)> told) {
  client_.ask({"PUBSUB", kind, channel}, [told = std::move(told)](redis::Reply reply) mutable {
    if (reply.parts.size() != 2) return told(std::nullopt);
    told(static_cast<std::size_t>(std::max<std::int64_t>(reply.parts[1].integer - 1, 0)));
  });
}

const Bus::Ears* RedisBus::ears_of(std::string_view rest, std::string& nsp) {
  // A namespace, or a room behind it, may have "#" in its name.
  for (auto end = rest.find('#'); end != rest.npos; end = rest.find('#', end + 1)) {
    nsp = rest.substr(0, end);
    if (const Ears* found = ears_of(nsp)) return found;
  }
  return nullptr;
}

const Bus::Ears* RedisBus::ears_of(const std::string& nsp) {
  const auto found = listeners_.find(nsp);
  if (found == listeners_.end()) return nullptr;
  if (!found->second.owner.expired()) return &found->second;
  listeners_.erase(found);
  on_leave(nsp);
  return nullptr;
}

void RedisBus::hear(std::optional<NodeMessage> message, const Ears& ears) const {
  if (!message) return;
  if (message->from != id_) return ears.message(std::move(*message));
  if (!message->request.empty()) ears.echo(*message);
}

}  // namespace atrium::cluster
