#pragma once

#include <type_traits>

#include "chat/accounts/demo.h"
#include "chat/accounts/user_routes.h"
#include "chat/channels/channel_routes.h"
#include "chat/config.h"
#include "chat/documents/document_routes.h"
#include "chat/health_routes.h"
#include "chat/live/stats_routes.h"
#include "chat/messages/message_routes.h"
#include "chat/workspaces/workspace_routes.h"

namespace atrium::chat {

/// Calls `visit` with a std::type_identity of each controller that a server with `config` has: what is served, documented and
/// listed by `atrium routes` is this and no more.
template <class Visit>
void each_http_table(const Config& config, Visit visit) {
  visit(std::type_identity<UserRoutes>());
  visit(std::type_identity<WorkspaceRoutes>());
  visit(std::type_identity<ChannelRoutes>());
  visit(std::type_identity<MessageRoutes>());
  visit(std::type_identity<StatsRoutes>());
  visit(std::type_identity<HealthRoutes>());
  visit(std::type_identity<DocumentRoutes>());
  if (config.demo) visit(std::type_identity<DemoSignIn>());
}

/// Where the routes answer.
inline std::vector<std::string> http_prefixes() { return {"/api/v1", ""}; }

}  // namespace atrium::chat
