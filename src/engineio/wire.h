#pragma once

#include <cstdint>

#include "http/request.h"

namespace atrium::engineio {

/// The revision of Engine.IO that a client speaks: 4 since Socket.IO 3, 3 before.
enum class Revision : std::uint8_t { v3 = 3, v4 = 4 };

/// How the packets of one transport are written.
struct Wire {
  Revision revision = Revision::v4;
  bool base64 = false;  ///< the client takes no octets as such
};

/// What `request` asks for: EIO=4 (anything else is 3, as for the official server), and any b64.
inline Wire wire_of(const http::Request& request) {
  return {.revision = request.query_value("EIO").value_or("") == "4" ? Revision::v4 : Revision::v3,
          .base64 = !request.query_value("b64").value_or("").empty()};
}

}  // namespace atrium::engineio
