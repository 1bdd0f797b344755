#pragma once

#include <type_traits>

#include "chat/accounts/auth_routes.h"
#include "chat/accounts/demo.h"
#include "chat/accounts/user_routes.h"
#include "chat/channels/channel_routes.h"
#include "chat/config.h"
#include "chat/documents/document_routes.h"
#include "chat/health_routes.h"
#include "chat/live/activity_routes.h"
#include "chat/live/stats_routes.h"
#include "chat/messages/message_routes.h"
#include "chat/operations/cron_routes.h"
#include "chat/operations/metrics_routes.h"
#include "chat/operations/node_routes.h"
#include "chat/presence/presence_routes.h"
#include "chat/typing/typing_routes.h"
#include "chat/workspaces/workspace_routes.h"

namespace atrium::chat {

/// Calls `visit` with a std::type_identity of each controller that a server with `config` has: what is served, documented and
/// listed by `atrium routes` is this and no more.
template <class Visit>
void each_http_table(const Config& config, Visit visit) {
  if (config.accounts) visit(std::type_identity<AuthRoutes>());
  visit(std::type_identity<TicketRoutes>());
  visit(std::type_identity<UserRoutes>());
  visit(std::type_identity<WorkspaceRoutes>());
  visit(std::type_identity<PresenceRoutes>());
  visit(std::type_identity<ChannelRoutes>());
  visit(std::type_identity<MessageRoutes>());
  visit(std::type_identity<TypingRoutes>());
  visit(std::type_identity<StatsRoutes>());
  visit(std::type_identity<ActivityRoutes>());
  visit(std::type_identity<HealthRoutes>());
  visit(std::type_identity<DocumentRoutes>());
  if (config.demo) visit(std::type_identity<DemoSignIn>());
  const bool guarded = !config.debug_secret.empty();
  if (guarded) visit(std::type_identity<CronRoutes>());
  if (guarded) visit(std::type_identity<NodeRoutes>());
  if (config.metrics) visit(std::type_identity<OpenMetricsRoutes>());
  if (guarded && !config.metrics) visit(std::type_identity<MetricsRoutes>());
}

/// Where the routes answer.
inline std::vector<std::string> http_prefixes() { return {"/api/v1", ""}; }

}  // namespace atrium::chat
