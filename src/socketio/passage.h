#pragma once

#include <optional>
#include <string>

#include "socketio/handed_over.h"
#include "socketio/namespace_core.h"

namespace atrium::socketio {

// The way of lost clients from one server to another. On a shard.

/// `restored` as another server can take it over. None where that cannot be told: an event that no client could say.
std::optional<HandedOver> send_off(Restored restored);

/// The client `pid`, whom another server has handed over after `offset`, as one that was lost here. `seen`: what this shard had
/// heard before that server was asked; whatever it heard since is told besides, unless the client says itself what it has
/// heard. None: too much was missed, or is kept no more.
std::optional<Restored> take_in(NamespaceCore& core, const net::Shard& shard, std::string pid,
                                std::optional<std::string> offset, HandedOver client, RecoveryLog::Seen seen);

/// Brings back the client `pid` from wherever it was, see Recovery::restore() and Recovery::seek_elsewhere().
void bring_back(const std::shared_ptr<NamespaceCore>& core, net::Shard& shard, const std::string& pid,
                const std::optional<std::string>& offset, Recovery::Callback callback);

}  // namespace atrium::socketio
