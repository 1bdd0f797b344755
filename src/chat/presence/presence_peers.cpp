#include <set>

#include "base/log.h"
#include "chat/presence/presence.h"
#include "chat/presence/status_choice.h"

// What presence hears from the other nodes.

namespace atrium::chat {

using storage::UserId;
using storage::WorkspaceId;

void Presence::listen_to_peers() {
  Peers& peers = stage_.peers;
  peers.hear<facts::Here>([this](const NodeId& node, const facts::Here& fact) { hear(node, fact); });
  peers.hear<facts::Gone>([this](const NodeId& node, const facts::Gone& fact) { hear(node, fact); });
  peers.hear<facts::Roster>([this](const NodeId& node, const facts::Roster& fact) { hear(node, fact); });
  peers.hear<facts::Chose>([this](const NodeId&, const facts::Chose& chose) {
    storage::ChosenStatus stored{.user = UserId(chose.userId), .status = chose.status, .until = {}};
    if (chose.until) stored.until = WallTime(std::chrono::milliseconds(*chose.until));
    take_choice(stored.user, to_choice(stored, owner_.clock()));
  });
  peers.on_gone([this](const NodeId& node) { forget(node); });
  peers.on_missed([this] { spawn(read_choices()); });
  peers.on_standing([this](const Peers::Wanted& wanted, Peers::Telling& telling) -> Task<void> {
    if (wanted.roster) telling.add(own_.all());
    co_return;
  });
}

Presence::Figures Presence::own_figures() const {
  Figures figures;
  for (const UserId& user : tracker_.users()) {
    const std::size_t devices = tracker_.devices_of(user).size();
    figures.online += devices > 0;
    figures.connections += devices;
  }
  return figures;
}

void Presence::hear(const NodeId& node, const facts::Here& here) {
  auto who = std::make_shared<Identity>();
  who->user = UserId(here.userId);
  who->name = here.name;
  who->workspaces = {here.workspaces.begin(), here.workspaces.end()};
  const WhoIs before = tracker_.find(who->user);
  const TimePoint active = now() - std::chrono::milliseconds(here.activeAgo);
  tracker_.arrive_elsewhere(who, {.node = node, .devices = here.sockets, .awake = here.awake, .active = active}, now());
  move(before, tracker_.find(who->user));
  changed_if_shown(*who);
  wait();
}

void Presence::hear(const NodeId& node, const facts::Gone& gone) {
  lose(UserId(gone.userId), node);
  wake();
}

void Presence::lose(const UserId& user, const NodeId& node) {
  tracker_.lose_elsewhere(user, node, now());
  // He may be here still, but away.
  if (publish(user)) changed(*tracker_.find(user));
}

void Presence::hear(const NodeId& node, const facts::Roster& roster) {
  std::set<UserId> users;
  for (const auto& here : roster.users) {
    users.emplace(here.userId);
    hear(node, here);
  }
  for (const UserId& user : tracker_.users_of(node)) {
    if (!users.contains(user)) lose(user, node);
  }
  wake();
}

void Presence::forget(const NodeId& node) {
  for (const UserId& user : tracker_.users_of(node)) lose(user, node);
  wake();
}

Task<void> Presence::read_choices() {
  try {
    std::uint64_t taken = 0;
    std::vector<storage::ChosenStatus> choices;
    do {
      taken = choices_taken_;
      choices = co_await store_.choices(owner_.clock().wall());
    } while (taken != choices_taken_);
    std::set<UserId> chosen;
    for (const auto& stored : choices) {
      chosen.insert(stored.user);
      auto choice = to_choice(stored, owner_.clock());
      const auto known = tracker_.choice(stored.user, now());
      const bool same = known && choice && known->status == choice->status && known->until_wall == choice->until_wall;
      if (!same) take_choice(stored.user, std::move(choice));
    }
    for (const UserId& user : tracker_.choosers()) {
      if (!chosen.contains(user) && tracker_.choice(user, now())) take_choice(user, std::nullopt);
    }
  } catch (const storage::StoreUnavailable& error) {
    log::warn("what users have chosen to be shown as cannot be read: {}", error.what());
  }
}

}  // namespace atrium::chat
