#pragma once

#include "socketio/broadcast.h"

namespace atrium::socketio {

struct NamespaceCore;

/// An event of one namespace, encoded ahead: for what is said many times over, such as a snapshot to every newcomer. Made by
/// Namespace::prepare(), said by Emitter::send() and Socket::send(). Immutable; any thread; copies share the octets.
/// Connection state recovery does not keep it: who was away asks, or is told, anew.
struct Prepared {
  const NamespaceCore* nsp = nullptr;
  Broadcast said;

  explicit operator bool() const { return nsp != nullptr; }
};

}  // namespace atrium::socketio
