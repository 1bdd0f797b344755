#include "chat/accounts/accounts.h"

#include <algorithm>

namespace atrium::chat {

using WhoIs = std::shared_ptr<const Identity>;

namespace {

/// As long as a name may be that somebody gives himself here.
constexpr std::size_t kLongestName = 101;
constexpr std::size_t kLongestEmail = 254;  // RFC 5321 4.5.3.1.3

/// The beginning of `text`, which everybody will be told; whole characters.
std::string beginning_of(std::string text) {
  std::size_t characters = 0;
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (begins_character(text[i]) && ++characters > kLongestName) {
      text.resize(i);
      break;
    }
  }
  return text;
}

std::string display_name(const Claims& claims) {
  if (!claims.name.empty()) return beginning_of(claims.name);
  if (!claims.email.empty()) return beginning_of(claims.email.substr(0, claims.email.find('@')));
  return claims.subject;
}

/// What the token says is what is stored, or what counts no more.
bool up_to_date(const storage::User& user, const storage::User& wanted) {
  return user.own_profile || (user.name == wanted.name && user.email == wanted.email);
}

}  // namespace

Task<Outcome<storage::User>> Accounts::user_of(Claims claims) const {
  auto standing = co_await standing_of(std::move(claims));
  if (!standing) co_return standing.error();
  co_return std::move(*standing->user);
}

Task<Outcome<storage::Standing>> Accounts::standing_of(Claims claims) const {
  storage::User wanted{.id = storage::UserId(claims.subject), .name = display_name(claims), .email = claims.email};
  if (wanted.email.size() > kLongestEmail) wanted.email.clear();
  // Nearly everybody is known already, and reading costs no commit.
  const storage::SessionId session(claims.session);
  auto standing = co_await database_.users().standing(wanted.id, session);
  if (standing.user && !standing.user->active) co_return failures::user_inactive();
  if (!standing.session_lives) co_return failures::session_revoked();
  if (standing.user && up_to_date(*standing.user, wanted)) co_return standing;
  const auto& admins = config_.superadmins;
  const bool is_admin = std::find(admins.begin(), admins.end(), wanted.id.value) != admins.end();
  if (is_admin) wanted.role = storage::GlobalRole::superadmin;
  // In one commit: whoever is known is a member from the beginning, also for a second request at the same moment.
  std::optional<storage::WorkspaceId> first_workspace;
  if (config_.auto_join != "off") first_workspace.emplace(config_.auto_join);
  const storage::User user = co_await database_.users().ensure(std::move(wanted), std::move(first_workspace));
  co_return co_await database_.users().standing(user.id, session);
}

template <class Look>
std::invoke_result_t<Look> Accounts::settled(storage::UserId user, Look look) const {
  for (int tries = 0; tries < kTries; ++tries) {
    const auto memberships = membership_.changes(user);
    const auto revocations = revocations_.count();
    auto found = co_await look();
    const bool nothing_moved = membership_.changes(user) == memberships && revocations_.count() == revocations;
    if (!found || nothing_moved) co_return found;
  }
  co_return failures::unavailable();
}

WhoIs Accounts::identify(storage::Standing standing, storage::SessionId session) const {
  auto identity = std::make_shared<Identity>();
  identity->user = standing.user->id;
  identity->name = shown_name(config_, *standing.user);
  identity->session = std::move(session);
  identity->workspaces = std::move(standing.workspaces);
  return identity;
}

Task<Outcome<WhoIs>> Accounts::look_up(Claims claims) const {
  storage::SessionId session(claims.session);
  auto standing = co_await standing_of(std::move(claims));
  if (!standing) co_return standing.error();
  co_return identify(std::move(*standing), std::move(session));
}

Task<Outcome<WhoIs>> Accounts::admit(Claims claims) const {
  const storage::UserId user(claims.subject);
  co_return co_await settled(user, [&] { return look_up(claims); });
}

Task<Outcome<Accounts::Returning>> Accounts::look_up(Absentee absentee) const {
  auto standing = co_await database_.users().standing(absentee.user, absentee.session);
  if (!standing.user) co_return failures::unauthenticated();
  if (!standing.user->active) co_return failures::user_inactive();
  if (!standing.session_lives) co_return failures::session_revoked();
  Returning returning;
  returning.identity = identify(std::move(standing), std::move(absentee.session));
  returning.joined = co_await database_.channels().open_to(absentee.user, std::move(absentee.joined));
  co_return returning;
}

Task<Outcome<Accounts::Returning>> Accounts::readmit(Absentee absentee) const {
  const storage::UserId user = absentee.user;
  co_return co_await settled(user, [&] { return look_up(absentee); });
}

}  // namespace atrium::chat
