#pragma once

#include "base/task.h"
#include "chat/accounts/accounts.h"
#include "chat/accounts/known_tokens.h"
#include "chat/accounts/tickets.h"
#include "chat/http_problems.h"
#include "chat/workspaces/membership.h"
#include "web/provider.h"

namespace atrium::chat {

/// Who asks, and by what token.
struct Bearer {
  Claims claims;
  storage::User user;
};

/// Who asks by HTTP, and the thing he asks about, for every route whose handler takes them: a request without a valid token
/// gets no further, and what its bearer may not see is answered as if it did not exist. Any shard.
class Gate final {
 public:
  static constexpr auto provides() {
    return std::tuple{web::provide<&Gate::bearer>.with({.security = "bearer"}),
                      web::provide<&Gate::user>,
                      web::provide<&Gate::workspace_access>,
                      web::provide<&Gate::workspace>,
                      web::provide<&Gate::channel_access>,
                      web::provide<&Gate::channel>};
  }

  Gate(KnownTokens& tokens, Tickets& tickets, const Accounts& accounts, const Membership& membership)
      : tokens_(tokens), tickets_(tickets), accounts_(accounts), membership_(membership) {}

 private:
  /// By the token of the header, or of the cookie when our own page sends it; a stream also by `?ticket=`.
  Task<Bearer> bearer(web::Context& context) const;
  storage::User user(const Bearer& bearer) const { return bearer.user; }
  Task<Outcome<WorkspaceAccess>> workspace_access(web::Path<"workspaceId", storage::WorkspaceId> id,
                                                  const storage::User& user) const;
  storage::Workspace workspace(const WorkspaceAccess& access) const { return access.workspace; }
  Task<Outcome<ChannelAccess>> channel_access(web::Path<"channelId", storage::ChannelId> id, const storage::User& user) const;
  storage::Channel channel(const ChannelAccess& access) const { return access.channel; }

  Claims claims_of(web::Context& context) const;

  KnownTokens& tokens_;
  Tickets& tickets_;
  const Accounts& accounts_;
  const Membership& membership_;
};

}  // namespace atrium::chat
