#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "engineio/handshake.h"
#include "socketio/socket_info.h"

namespace atrium::admin {

/// What the page knows a client by: the beginning of its session's id, which is as good as a password when it is whole.
std::string_view client_id(std::string_view session);

/// `data` without what the servers of a cluster tell each other in it (`_admin`).
boost::json::object visible_data(const boost::json::object& data);

/// The protocol's SerializedSocket. Says nothing of `auth`. The handshake is missing where `info` has none.
boost::json::object serialize(const socketio::SocketInfo& info, const std::string& nsp);

}  // namespace atrium::admin
