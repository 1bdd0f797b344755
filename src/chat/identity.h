#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "storage/ids.h"

namespace atrium::chat {

/// Who somebody has shown to be. Immutable once made; shared between shards.
struct Identity {
  storage::UserId user;
  std::string name;  ///< what others see
  std::vector<storage::WorkspaceId> workspaces;
  std::string session = {};  ///< the one his token belongs to (claim `sid`); empty: none, the token is another issuer's

  bool is_in(const storage::WorkspaceId& workspace) const {
    return std::find(workspaces.begin(), workspaces.end(), workspace) != workspaces.end();
  }
};

}  // namespace atrium::chat
