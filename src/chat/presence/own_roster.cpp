#include "chat/presence/own_roster.h"

namespace atrium::chat {

using storage::UserId;

namespace {

bool is_same(const Identity& one, const Identity& other) {
  return one.name == other.name && one.workspaces == other.workspaces;
}

}  // namespace

void OwnRoster::look(const UserId& user) {
  if (peers_.alone()) return;
  const auto own = tracker_.own(user, clock_.now());
  const auto told = told_.find(user);
  if (!own) {
    if (told == told_.end()) return;
    told_.erase(told);
    peers_.tell(facts::Gone{user.value});
    return;
  }
  auto who = tracker_.find(user);
  if (told != told_.end() && is_same(*told->second.who, *who) && told->second.devices == own->devices &&
      told->second.awake == own->awake) {
    return;
  }
  peers_.tell(to_fact(who, *own));
  told_.insert_or_assign(user, Told{.who = std::move(who), .devices = own->devices, .awake = own->awake});
}

facts::Roster OwnRoster::all() const {
  facts::Roster roster;
  for (const auto& [user, told] : told_) {
    if (const auto own = tracker_.own(user, clock_.now())) roster.users.push_back(to_fact(tracker_.find(user), *own));
  }
  return roster;
}

facts::Here OwnRoster::to_fact(const PresenceTracker::WhoIs& who, const PresenceTracker::Elsewhere& own) const {
  const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - own.active);
  facts::Here here{.userId = who->user.value,
                   .name = who->name,
                   .workspaces = {},
                   .sockets = own.devices,
                   .awake = own.awake,
                   .activeAgo = static_cast<std::uint64_t>(std::max<std::int64_t>(0, ago.count()))};
  for (const auto& workspace : who->workspaces) here.workspaces.push_back(workspace.value);
  return here;
}

}  // namespace atrium::chat
