#pragma once

#include <string>
#include <vector>

namespace atrium::socketio {

/// Who is meant by a broadcast. A plain value; travels between shards.
struct Audience {
  std::vector<std::string> rooms;   ///< the members of any of these, each once; none: everybody in the namespace
  std::vector<std::string> except;  ///< but not the members of these
  bool may_drop = false;            ///< volatile: whoever cannot take it at once goes without
};

}  // namespace atrium::socketio
