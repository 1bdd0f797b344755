#pragma once

#include <boost/json/object.hpp>

#include "engineio/handshake.h"

namespace atrium::socketio {

/// A handshake as Node's `socket.handshake` has it, but for what a client signed in with: address, headers, query, issued (ms
/// since 1970), secure, time, url, xdomain.
boost::json::object to_json(const engineio::Handshake& handshake);

}  // namespace atrium::socketio
