#include "chat/accounts/accounts.h"

namespace atrium::chat {

namespace {

std::string display_name(const Claims& claims) {
  if (!claims.name.empty()) return claims.name;
  if (!claims.email.empty()) return claims.email.substr(0, claims.email.find('@'));
  return claims.subject;
}

}  // namespace

Task<storage::User> Accounts::user_of(Claims claims) const {
  const storage::UserId id(claims.subject);
  const std::string name = display_name(claims);
  // Nearly everybody is known already, and reading costs no commit.
  const auto known = co_await database_.users().find(id);
  if (known && known->name == name && known->email == claims.email) co_return *known;
  storage::User wanted{.id = id, .name = name, .email = claims.email};
  // In one commit: whoever is known is a member from the beginning, also for a second request at the same moment.
  std::optional<storage::WorkspaceId> first_workspace;
  if (config_.auto_join != "off") first_workspace.emplace(config_.auto_join);
  co_return co_await database_.users().ensure(std::move(wanted), std::move(first_workspace));
}

Task<std::shared_ptr<const Identity>> Accounts::admit(Claims claims) const {
  const auto user = co_await user_of(std::move(claims));
  co_return co_await identify(user, {});
}

Task<std::shared_ptr<const Identity>> Accounts::readmit(storage::UserId user, std::string session) const {
  const auto found = co_await database_.users().find(std::move(user));
  if (!found) co_return nullptr;
  co_return co_await identify(*found, std::move(session));
}

Task<std::shared_ptr<const Identity>> Accounts::identify(storage::User user, std::string session) const {
  auto identity = std::make_shared<Identity>();
  identity->session = std::move(session);
  identity->user = user.id;
  // The original application shows e-mail addresses to everybody; only its own profile still does.
  identity->name = config_.seed() && !user.email.empty() ? user.email : user.name;
  for (auto& workspace : co_await database_.workspaces().of_user(user.id))
    identity->workspaces.push_back(std::move(workspace.id));
  co_return identity;
}

}  // namespace atrium::chat
