#include "socketio/audience.h"

#include <algorithm>

namespace atrium::socketio {

bool is_meant(const Audience& audience, const std::unordered_set<std::string_view>& rooms) {
  const auto is_in = [&](const std::string& room) { return rooms.contains(room); };
  if (std::any_of(audience.except.begin(), audience.except.end(), is_in)) return false;
  return audience.rooms.empty() || std::any_of(audience.rooms.begin(), audience.rooms.end(), is_in);
}

}  // namespace atrium::socketio
