#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "net/shard_set.h"
#include "socketio/adapter.h"
#include "socketio/emit_flags.h"
#include "socketio/handlers.h"
#include "socketio/packet_writer.h"
#include "socketio/prepared.h"
#include "socketio/recovery.h"

namespace atrium::socketio {

/// The bounds of each socket.
struct SocketLimits {
  std::size_t max_waiting_events = 256;        ///< events of a client that may wait for the handling of those before
  std::size_t max_waiting_octets = 1'048'576;  ///< the same, in octets of their texts
};

/// What a namespace is to its sockets and emitters, which look no higher. Fixed before the server starts but for the atomics;
/// any shard.
struct NamespaceCore final {
  NamespaceCore(std::string called, net::ShardSet& all, PacketWriter spoken, SocketLimits bounds)
      : name(std::move(called)), shards(all), writer(spoken), limits(bounds) {}

  const std::string name;
  net::ShardSet& shards;
  const PacketWriter writer;
  const SocketLimits limits;
  std::shared_ptr<Recovery> recovery;  ///< null: off
  std::shared_ptr<Adapter> adapter;
  Handlers handlers;                           ///< of every socket
  ServerSideHandlers on_server_side;           ///< of what other nodes say to this one
  std::atomic<std::uint64_t> next_ack_id = 0;  ///< shared by all sockets, because a broadcast asks all of them with one id
  std::atomic<int> outgoing_watchers = 0;      ///< lists of any_outgoing that are not empty
  bool relayed = false;                        ///< the adapter tells other nodes, and needs the content of broadcasts
};

/// Encodes `event` for `core` and gives it its offset; on a shard, which is its origin.
Broadcast make_broadcast(NamespaceCore& core, const EmitFlags& flags, const Outgoing& event,
                         std::optional<std::uint64_t> ack_id = std::nullopt);

/// The same for what another node said; `offset`: its place among what that one says, else it gets one of this shard.
Broadcast make_relayed(NamespaceCore& core, const EmitFlags& flags, std::shared_ptr<const Outgoing> event,
                       std::optional<std::uint64_t> ack_id = std::nullopt, std::optional<Offset> offset = std::nullopt);

/// The same for what is said to one socket of this shard.
Broadcast make_whisper(NamespaceCore& core, const EmitFlags& flags, const Outgoing& event);

/// The same for what is said again and again, by any shard; it has no offset. Any thread.
Prepared make_prepared(const NamespaceCore& core, Outgoing event);

/// Throws std::logic_error for what the library itself says on a socket, such as "disconnect".
void check_event_name(const Outgoing& event);

}  // namespace atrium::socketio
