#pragma once

#include "chat/presence/presence_tracker.h"
#include "tests/chat/socket_literal.h"

namespace atrium::chat {

/// Somebody called "The <id>".
inline PresenceTracker::WhoIs person(const std::string& id, const std::vector<std::string>& workspaces = {"red"}) {
  Identity identity{.user = storage::UserId(id), .name = "The " + id, .workspaces = {}};
  for (const auto& workspace : workspaces) identity.workspaces.emplace_back(workspace);
  return std::make_shared<const Identity>(std::move(identity));
}

}  // namespace atrium::chat
