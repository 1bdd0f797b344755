#pragma once

#include <string>
#include <vector>

#include "base/describe.h"

namespace atrium::chat {

/// What a client says it understands beyond the original application, by CONNECT's `auth.caps`: a list of names. Unknown names
/// count for nothing.
struct Capabilities {
  bool presence_v2 = false;   ///< "presence.v2": snapshots and versioned differences instead of one event a change
  bool typing_v2 = false;     ///< "typing.v2": it refreshes its typing, and lets those of others expire
  bool seq = false;           ///< "seq": it follows the numbers of messages, and is told how far others have read
  bool auth_refresh = false;  ///< "auth.refresh": it is told before its token expires

  static Capabilities of(const json::object& auth);
  std::vector<std::string> names() const;
};

}  // namespace atrium::chat
