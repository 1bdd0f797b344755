#pragma once

#include <functional>
#include <string>

#include "cluster/redis_bus.h"

namespace atrium::cluster {

/// What the buses have in common whose nodes say what socket.io-adapter says (adapter_wire.h): with the usual key, the channels
///
///     socket.io#<nsp>#           of all nodes
///     socket.io#<nsp>#<id>#      of the answers to the node of that id
class AdapterBus : public RedisBus {
 public:
  std::string new_request() override;
  void answer(const std::string& nsp, const std::string& to, const NodeAnswer& answer) override;
  void count_others(const std::string& nsp, UniqueFunction<void(std::optional<std::size_t>)> told) override;

 protected:
  /// The commands of one kind of channel.
  struct Commands {
    redis::Subscriber::By subscribe;
    std::string_view publish;
    std::string_view count;
  };

  AdapterBus(net::Shard& shard, const redis::Address& address, const std::string& key, Commands commands,
             std::function<void(bool up)> on_change);

  const Commands& commands() const { return commands_; }
  /// `part`: a room, or the id of a node; none: the channel of all.
  std::string channel_of(const std::string& nsp, std::string_view part = {}) const;

 private:
  void on_enter(const std::string& nsp) override;
  void on_leave(const std::string& nsp) override;
  void on_published(const std::string& channel, std::string_view octets) override;

  const std::string prefix_;
  const Commands commands_;
};

}  // namespace atrium::cluster
