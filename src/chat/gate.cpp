#include "chat/gate.h"

#include "chat/accounts/own_page.h"
#include "web/guard.h"

namespace atrium::chat {

namespace {

web::Problem unauthorized(std::string why) { return web::Problem(401, "UNAUTHORIZED", std::move(why)); }

std::optional<std::string_view> token_of(const http::Request& request) {
  const bool by_header = request.header("authorization").has_value();
  if (!by_header && !from_own_page(request.header("origin"), request.header("host"))) return std::nullopt;
  return web::bearer_token(request);
}

}  // namespace

Claims Gate::claims_of(web::Context& context) const {
  if (const auto token = token_of(context.request())) {
    const auto claims = tokens_.verify(*token, context.shard().clock().wall());
    if (claims) return *claims;
    throw unauthorized(claims.error() == TokenError::expired ? "The token has expired." : "The token is not valid.");
  }
  const auto ticket = context.is_stream() ? context.query("ticket") : std::nullopt;
  if (!ticket) throw unauthorized("Authentication required.");
  if (auto claims = tickets_.redeem(std::string(*ticket), context.shard().clock().now())) return std::move(*claims);
  throw unauthorized("The ticket is not valid: it opens one stream, within a minute.");
}

Task<Bearer> Gate::bearer(web::Context& context) const {
  Bearer bearer{.claims = claims_of(context), .user = {}};
  auto user = co_await accounts_.user_of(bearer.claims);
  if (!user) throw to_problem(user.error());
  bearer.user = std::move(*user);
  co_return bearer;
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
