#pragma once

#include <boost/json/object.hpp>

#include "engineio/handshake.h"

namespace atrium::socketio {

/// A handshake as Node's `socket.handshake` has it, but for what a client signed in with: address, headers, query, issued (ms
/// since 1970), secure, time, url, xdomain.
boost::json::object to_json(const engineio::Handshake& handshake);

/// The handshake that another node tells of, ours or an official one. Query, time and xdomain are those that follow from the
/// rest; a header that no client could have sent is left out.
engineio::Handshake handshake_of(const boost::json::object& told);

}  // namespace atrium::socketio
