#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "chat/channels/channels.h"
#include "chat/nodes/handover.h"
#include "chat/presence/presence.h"
#include "chat/stage.h"
#include "socketio/handed_over.h"

namespace atrium::chat {

/// Recovers clients whose connection was lost on one node and who come back to another. That one asks the others who knows the
/// client, opens the rooms of its channels, and takes it over with all that it missed; Entrance then joins it where it was, and
/// corrects what it had been shown. It is given away once, and whoever is not given away whole begins anew. Any shard. See
/// docs/decisions/recovery-across-nodes.md.
class Handover final {
 public:
  Handover(const Stage& stage, Channels& channels, Presence& presence);

  /// What a client that was taken over sees; none: it was not. Out of the socket's `data`.
  static std::optional<handover::View> view_of(const socketio::Socket& socket);

  static constexpr std::size_t kAtOnce = 1'000;                    ///< clients that this node asks for
  static constexpr Duration kExpected = std::chrono::seconds(10);  ///< so long rooms stay open for who was asked for

 private:
  using Found = UniqueFunction<void(std::optional<socketio::HandedOver>)>;

  // The node where the client has come.
  Task<void> seek(std::string pid, std::optional<std::string> offset, Found found);
  Task<std::optional<socketio::HandedOver>> fetch(std::string pid, std::optional<std::string> offset);
  // The node where it was. On the first shard.
  Task<json::value> look_for(handover::Seek asked);
  Task<json::value> give(handover::Take asked);

  const Stage& stage_;
  Channels& channels_;
  Presence& presence_;
  const std::shared_ptr<socketio::Recovery> recovery_;
  std::atomic<std::size_t> asking_ = 0;
};

}  // namespace atrium::chat
