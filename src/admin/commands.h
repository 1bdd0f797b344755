#pragma once

#include "socketio/server.h"

namespace atrium::admin {

/// Adds to `nsp` what the page can do: `emit`, `join`, `leave`, `_disconnect`, each in a namespace of `server`, to all of its
/// sockets or to those of a room (which may be a socket's id), on all nodes. What cannot be done is refused by an `error`
/// event. Before the server starts, which `server` is.
void add_commands(socketio::Server& server, socketio::Namespace& nsp);

}  // namespace atrium::admin
