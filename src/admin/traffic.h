#pragma once

#include <array>
#include <memory>

#include "admin/events_by_second.h"
#include "engineio/traffic_observer.h"
#include "net/shard.h"

namespace atrium::admin {

/// Counts what passes below all namespaces, each shard for itself. Goes into ServerOptions::traffic and into the Instrument of
/// that server; outlives both.
class Traffic final : public engineio::TrafficObserver {
 public:
  /// `also` is told the same, where something else watches the traffic too; outlives this.
  explicit Traffic(engineio::TrafficObserver* also = nullptr) : also_(also) {}

  // On `shard`.
  /// What happened there since the last call.
  EventsBySecond take_events(const net::Shard& shard) { return std::exchange(on(shard).events, {}); }
  /// How many of its clients poll now.
  std::size_t polling_clients(const net::Shard& shard) { return on(shard).polling; }

  void on_connection(const engineio::Session& session) override;
  void on_upgrade(const engineio::Session& session) override;
  void on_disconnection(const engineio::Session& session, engineio::CloseReason reason) override;
  void on_packets_in(const engineio::Session& session, std::size_t packets, std::size_t octets) override;
  void on_packets_out(const engineio::Session& session, std::size_t packets, std::size_t octets) override;

 private:
  struct Part {
    EventsBySecond events;
    std::size_t polling = 0;
  };
  static constexpr std::size_t kMaxShards = 256;  ///< an id keeps its shard in one octet

  /// Made by its shard when first needed: how many there will be is known only by the server.
  Part& on(const net::Shard& shard);

  engineio::TrafficObserver* const also_;
  std::array<std::unique_ptr<Part>, kMaxShards> parts_;  ///< each touched by its own shard alone
};

}  // namespace atrium::admin
