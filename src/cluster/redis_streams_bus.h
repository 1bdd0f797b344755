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
  bool questions_overtake() const override { return true; }
  /// As the official adapter keeps them: sio:session:<pid>, and what was said since in the stream.
  void take_left(const std::string& nsp, const std::string& pid, const std::string& offset,
                 UniqueFunction<void(std::optional<LeftClient>)> told) override;

  static constexpr std::size_t kMaxAfter = 20'000;  ///< entries that are read for one client

 private:
  struct Entry;
  struct Left;
  bool complete() const override { return reading_; }

  void on_reader(bool up);
  void begin_after_the_last();
  void read_on();
  void on_entries(const redis::Reply& reply);
  void on_entry(const redis::Reply& entry);
  void read_after(const std::shared_ptr<Left>& left);
  static std::optional<Entry> entry_of(const redis::Reply& entry);
  static std::optional<NodeMessage> message_of(Entry entry);

  const std::string stream_;
  std::string after_;  ///< the last entry that was read; empty: not known yet
  bool reading_ = false;
  redis::Client reader_;  ///< always waiting for what comes next
};

}  // namespace atrium::cluster
