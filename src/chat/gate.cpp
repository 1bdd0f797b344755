#include "chat/gate.h"

#include "web/guard.h"

namespace atrium::chat {

Task<storage::User> Gate::user(web::Context& context) const {
  const auto token = web::bearer_token(context.request());
  if (!token) throw web::Problem(401, "UNAUTHORIZED", "Authentication required.");
  const auto claims = tokens_.verify(*token, context.shard().clock().wall());
  if (!claims) {
    const bool expired = claims.error() == TokenError::expired;
    throw web::Problem(401, "UNAUTHORIZED", expired ? "The token has expired." : "The token is not valid.");
  }
  co_return co_await accounts_.user_of(*claims);
}

Task<Outcome<WorkspaceAccess>> Gate::workspace_access(web::Path<"workspaceId", storage::WorkspaceId> id,
                                                      const storage::User& user) const {
  return membership_.workspace_access(*id, user.id);
}

Task<Outcome<ChannelAccess>> Gate::channel_access(web::Path<"channelId", storage::ChannelId> id,
                                                  const storage::User& user) const {
  return membership_.channel_access(*id, user.id);
}

}  // namespace atrium::chat
