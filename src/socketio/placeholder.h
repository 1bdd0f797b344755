#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>

namespace atrium::socketio {

namespace json = boost::json;

// Octets have no place in JSON: `{"_placeholder":true,"num":i}` stands there for attachments[i] (Socket.IO 5, "Packet
// encoding"). A peer may write such an object itself, with any "num", or none.

json::object placeholder(std::size_t index);

/// Whether `object` says that it stands for octets.
bool is_placeholder(const json::object& object);

/// The attachment that `object` stands for; none when it is no placeholder, or names none of `count` attachments.
std::optional<std::size_t> attachment_index(const json::object& object, std::size_t count);

}  // namespace atrium::socketio
