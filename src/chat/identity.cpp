#include "chat/identity.h"

#include <algorithm>

namespace atrium::chat {

bool is_in(const Identity& who, const storage::WorkspaceId& workspace) {
  return std::find(who.workspaces.begin(), who.workspaces.end(), workspace) != who.workspaces.end();
}

std::shared_ptr<const Identity> with_workspace(const Identity& who, const storage::WorkspaceId& workspace) {
  auto changed = std::make_shared<Identity>(who);
  if (!is_in(who, workspace)) changed->workspaces.push_back(workspace);
  return changed;
}

std::shared_ptr<const Identity> without_workspace(const Identity& who, const storage::WorkspaceId& workspace) {
  auto changed = std::make_shared<Identity>(who);
  std::erase(changed->workspaces, workspace);
  return changed;
}

}  // namespace atrium::chat
