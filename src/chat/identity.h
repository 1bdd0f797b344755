#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chat/config.h"
#include "storage/records.h"

namespace atrium::chat {

/// Who somebody has shown to be. Immutable once made; shared between shards.
struct Identity {
  storage::UserId user;
  std::string name;  ///< what others see
  std::vector<storage::WorkspaceId> workspaces;
  storage::SessionId session = {};  ///< the one his token belongs to (claim `sid`); empty: none, the token is another issuer's
};

/// What others see. The original application shows e-mail addresses to everybody.
inline const std::string& shown_name(const Config& config, const storage::User& user) {
  return config.expose_email && !user.email.empty() ? user.email : user.name;
}
bool is_in(const Identity& who, const storage::WorkspaceId& workspace);
/// The same person, who has come into a workspace, or gone from it.
std::shared_ptr<const Identity> with_workspace(const Identity& who, const storage::WorkspaceId& workspace);
std::shared_ptr<const Identity> without_workspace(const Identity& who, const storage::WorkspaceId& workspace);

}  // namespace atrium::chat
