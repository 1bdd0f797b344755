#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace atrium::socketio {

/// Who is meant by a broadcast. A plain value; travels between shards and nodes.
struct Audience {
  std::vector<std::string> rooms;   ///< the members of any of these, each once; none: everybody in the namespace
  std::vector<std::string> except;  ///< but not the members of these
  bool local = false;               ///< on this node only
};

/// Whether a member of `rooms` is.
bool is_meant(const Audience& audience, const std::unordered_set<std::string_view>& rooms);

}  // namespace atrium::socketio
