#pragma once

#include <string>
#include <vector>

#include "storage/ids.h"

namespace atrium::chat {

/// Who somebody has shown to be. Immutable once made; shared between shards.
struct Identity {
  storage::UserId user;
  std::string name;  ///< what others see
  std::vector<storage::WorkspaceId> workspaces;
};

}  // namespace atrium::chat
