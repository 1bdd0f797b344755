#pragma once

#include <functional>
#include <string>

#include "cluster/adapter_bus.h"

namespace atrium::cluster {

/// The bus over a stream of one Redis, as npm's @socket.io/redis-streams-adapter 0.3 has it with one stream, so that nodes of
/// both kinds are one cluster. A node that was cut off goes on reading where it was, so it misses nothing that the stream still
/// has. In the stream are events and orders of all namespaces; questions, which are worth nothing later, go by channels.
class RedisStreamsBus final : public AdapterBus {
 public:
  RedisStreamsBus(net::Shard& shard, const redis::Address& address, const std::string& key,
                  std::function<void(bool up)> on_change);

  void say(const std::string& nsp, const NodeMessage& message) override;

 private:
  bool complete() const override { return reading_; }

  void on_reader(bool up);
  void begin_after_the_last();
  void read_on();
  void on_entries(const redis::Reply& reply);
  void on_entry(const redis::Reply& fields);

  const std::string stream_;
  std::string after_;  ///< the last entry that was read; empty: not known yet
  bool reading_ = false;
  redis::Client reader_;  ///< always waiting for what comes next
};

}  // namespace atrium::cluster
