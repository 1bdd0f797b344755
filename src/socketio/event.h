#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "socketio/ack.h"
#include "socketio/packet.h"

namespace atrium::socketio {

/// An event that a client sent. A value of its handler, which may keep it.
struct Event {
  std::string name;
  json::array args;  ///< without the name; `{"_placeholder":true,"num":i}` stands for attachments[i]
  std::vector<Bytes> attachments;
  Ack ack;  ///< empty when the client asked for none
};

}  // namespace atrium::socketio
