#include "cluster/adapter_bus.h"

#include <boost/algorithm/hex.hpp>

#include "base/random_id.h"
#include "cluster/adapter_wire.h"

namespace atrium::cluster {

namespace {

/// 16 hexadecimal digits, as socket.io-adapter gives to its nodes and questions.
std::string new_id() {
  std::string digits;
  boost::algorithm::hex_lower(random_octets(8), std::back_inserter(digits));
  return digits;
}

}  // namespace

AdapterBus::AdapterBus(net::Shard& shard, const redis::Address& address, const std::string& key, Commands commands,
                       std::function<void(bool up)> on_change)
    : RedisBus(shard, address, new_id(), std::move(on_change)), prefix_(key + "#"), commands_(commands) {}

std::string AdapterBus::new_request() { return new_id(); }

std::string AdapterBus::channel_of(const std::string& nsp, std::string_view part) const {
  std::string channel = prefix_ + nsp + "#";
  if (!part.empty()) channel.append(part).append("#");
  return channel;
}

void AdapterBus::answer(const std::string& nsp, const std::string& to, const NodeAnswer& answer) {
  publish(commands_.publish, channel_of(nsp, to), adapter::encode_msgpack(nsp, id(), adapter::parts_of(answer)));
}

void AdapterBus::count_others(const std::string& nsp, UniqueFunction<void(std::optional<std::size_t>)> told) {
  count_by(commands_.count, channel_of(nsp), std::move(told));
}

void AdapterBus::on_enter(const std::string& nsp) {
  subscriber().subscribe(commands_.subscribe, channel_of(nsp));
  subscriber().subscribe(commands_.subscribe, channel_of(nsp, id()));
}

void AdapterBus::on_leave(const std::string& nsp) {
  subscriber().unsubscribe(commands_.subscribe, channel_of(nsp));
  subscriber().unsubscribe(commands_.subscribe, channel_of(nsp, id()));
}

void AdapterBus::on_published(const std::string& channel, std::string_view octets) {
  std::string nsp;
  if (!std::string_view(channel).starts_with(prefix_)) return;
  const Ears* ears = ears_of(std::string_view(channel).substr(prefix_.size()), nsp);
  auto received = ears ? receive(octets) : std::nullopt;
  if (!received) return;
  if (channel != channel_of(nsp, id())) return hear(adapter::message_of(nsp, std::move(*received)), *ears);
  if (auto answer = adapter::answer_of(std::move(*received))) ears->answer(std::move(*answer));
}

}  // namespace atrium::cluster
