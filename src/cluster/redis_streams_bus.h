#pragma once

#include <functional>
#include <string>

#include "cluster/redis_bus.h"

namespace atrium::cluster {

/// The bus over a stream of one Redis, as npm's @socket.io/redis-streams-adapter 0.3 has it with one stream, so that nodes of
/// both kinds are one cluster. A node that was cut off goes on reading where it was, so it misses nothing that the stream still
/// has.
///
///     socket.io                     a stream: events and orders of all namespaces, in one order for all nodes
///     socket.io#<nsp>#              a channel: questions, which are worth nothing later
///     socket.io#<nsp>#<id>#         a channel: answers to the node of that id
class RedisStreamsBus final : public RedisBus {
 public:
  RedisStreamsBus(net::Shard& shard, const redis::Address& address, const std::string& key,
                  std::function<void(bool up)> on_change);

  std::string new_request() override;
  void say(const std::string& nsp, const NodeMessage& message) override;
  void answer(const std::string& nsp, const std::string& to, const NodeAnswer& answer) override;
  void count_others(const std::string& nsp, UniqueFunction<void(std::optional<std::size_t>)> told) override;

 private:
  void on_enter(const std::string& nsp) override;
  void on_leave(const std::string& nsp) override;
  void on_published(const std::string& channel, std::string_view octets) override;
  bool complete() const override { return reading_; }

  void on_reader(bool up);
  void begin_after_the_last();
  void read_on();
  void on_entries(const redis::Reply& reply);
  void on_entry(const redis::Reply& fields);
  std::string channel_of(const std::string& nsp, std::string_view part = {}) const;

  const std::string stream_;
  const std::string prefix_;  ///< of the channels
  std::string after_;         ///< the last entry that was read; empty: not known yet
  bool reading_ = false;
  redis::Client reader_;  ///< always waiting for what comes next
};

}  // namespace atrium::cluster
