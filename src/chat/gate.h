#pragma once

#include "base/task.h"
#include "chat/accounts/accounts.h"
#include "chat/accounts/token.h"
#include "chat/http_problems.h"
#include "chat/workspaces/membership.h"
#include "web/provider.h"

namespace atrium::chat {

/// Who asks by HTTP, and the thing he asks about, for every route whose handler takes them: a request without a valid token
/// gets no further, and what its bearer may not see is answered as if it did not exist. Any shard.
class Gate final {
 public:
  static constexpr auto provides() {
    return std::tuple{web::provide<&Gate::user>.with({.security = "bearer"}), web::provide<&Gate::workspace_access>,
                      web::provide<&Gate::workspace>, web::provide<&Gate::channel_access>, web::provide<&Gate::channel>};
  }

  Gate(const TokenAuthority& tokens, const Accounts& accounts, const Membership& membership)
      : tokens_(tokens), accounts_(accounts), membership_(membership) {}

 private:
  /// The bearer of the token.
  Task<storage::User> user(web::Context& context) const;
  Task<Outcome<WorkspaceAccess>> workspace_access(web::Path<"workspaceId", storage::WorkspaceId> id,
                                                  const storage::User& user) const;
  storage::Workspace workspace(const WorkspaceAccess& access) const { return access.workspace; }
  Task<Outcome<ChannelAccess>> channel_access(web::Path<"channelId", storage::ChannelId> id, const storage::User& user) const;
  storage::Channel channel(const ChannelAccess& access) const { return access.channel; }

  const TokenAuthority& tokens_;
  const Accounts& accounts_;
  const Membership& membership_;
};

}  // namespace atrium::chat
