#pragma once

#include <string>
#include <vector>

namespace atrium::socketio {

/// Who is meant by a broadcast. A plain value; travels between shards and nodes.
struct Audience {
  std::vector<std::string> rooms;   ///< the members of any of these, each once; none: everybody in the namespace
  std::vector<std::string> except;  ///< but not the members of these
  bool local = false;               ///< on this node only
};

}  // namespace atrium::socketio
