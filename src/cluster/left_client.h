#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cluster/node_message.h"

namespace atrium::cluster {

/// A lost client, as a node that knows no other way has left it for whichever comes next. A plain value.
struct LeftClient {
  struct Said {
    std::string from;  ///< the node's id
    say::Event event;
  };

  std::string sid;
  std::vector<std::string> rooms;  ///< among them the one that is the id
  json::object data;
  std::vector<Said>
      after;  ///< all that was said in the namespace after the last that it heard, and is not too volatile to keep
};

}  // namespace atrium::cluster
