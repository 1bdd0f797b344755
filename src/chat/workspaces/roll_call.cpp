#include "chat/workspaces/roll_call.h"

#include <algorithm>

#include "base/log.h"
#include "chat/events/outgoing.h"
#include "chat/live/activity.h"
#include "net/hop.h"
#include "net/pause.h"

namespace atrium::chat {

using storage::ChannelId;
using storage::WorkspaceId;

namespace {

constexpr Duration kRetry = std::chrono::seconds(1);

template <class List, class Item>
bool contains(const List& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

RollCall::RollCall(const Stage& stage, const Accounts& accounts, const LiveMembers& members, storage::Database& database,
                   Viewers& viewers)
    : stage_(stage), accounts_(accounts), members_(members), database_(database), viewers_(viewers) {
  stage_.peers.on_missed([this] { begin(); });
}

void RollCall::begin() {
  stage_.activity.break_off();
  again_ = true;
  if (!std::exchange(calling_, true)) spawn(call());
}

Task<void> RollCall::call() {
  while (std::exchange(again_, false)) {
    auto present = co_await guests();
    for (Guest& guest : present) {
      co_await persist([&] { return look_at(guest); });
    }
    const auto readers = co_await viewers_.readers();
    for (const auto& reader : readers) {
      co_await persist([&] { return look_at(reader); });
    }
  }
  calling_ = false;
}

Task<std::vector<RollCall::Guest>> RollCall::guests() const {
  net::Shard& origin = *net::Shard::current();
  std::vector<Guest> present;
  for (const auto& shard : stage_.shards) {
    co_await net::hop_to(*shard);
    for (const auto& [id, socket] : stage_.directory.on(*shard)) {
      const Visitor& visitor = visitor_of(*socket);
      Guest guest{.socket = ref_of(*socket), .who = visitor.identity, .joined = {}};
      guest.joined.assign(visitor.joined.begin(), visitor.joined.end());
      present.push_back(std::move(guest));
    }
  }
  co_await net::hop_to(origin);
  co_return present;
}

template <class Look>
Task<void> RollCall::persist(Look look) const {
  for (;;) {
    try {
      co_await look();
      co_return;
    } catch (const storage::StoreUnavailable& error) {
      log::warn("who may be here cannot be read: {}", error.what());
    }
    co_await net::pause(kRetry);
  }
}

Task<void> RollCall::look_at(const Guest& guest) const {
  const Accounts::Absentee absentee{.user = guest.who->user, .session = guest.who->session, .joined = guest.joined};
  const auto now = co_await accounts_.readmit(absentee);
  if (now) {
    co_await correct(guest, *now);
    co_return;
  }
  stage_.directory.tell(guest.socket, [why = now.error()](socketio::Socket& socket) {
    events::emit<"error">(socket, events::Error{.message = why.message, .code = why.code, .status = why.status});
    socket.disconnect(socketio::Close::connection);
  });
}

Task<void> RollCall::look_at(const Viewers::Reader& reader) const {
  const Accounts::Absentee absentee{.user = reader.user, .session = reader.session, .joined = {}};
  const auto now = co_await accounts_.readmit(absentee);
  if (!now && reader.session.empty()) {
    viewers_.end_of(reader.user, now.error());
  } else if (!now) {
    viewers_.end_of(reader.session, now.error());
  } else if (!contains(now->identity->workspaces, reader.workspace)) {
    viewers_.end_in(reader.workspace, reader.user, failures::workspace_not_found());
  }
}

Task<void> RollCall::correct(const Guest& guest, const Accounts::Returning& now) const {
  const std::string& user = guest.who->user.value;
  for (const WorkspaceId& workspace : guest.who->workspaces) {
    if (contains(now.identity->workspaces, workspace)) continue;
    facts::LeftWorkspace left{.workspaceId = workspace.value, .userId = user, .channels = {}};
    for (const ChannelId& channel : co_await database_.channels().ids_in(workspace)) left.channels.push_back(channel.value);
    co_await members_.carry_out(std::move(left));
  }
  for (const WorkspaceId& workspace : now.identity->workspaces) {
    if (contains(guest.who->workspaces, workspace)) continue;
    facts::EnteredWorkspace entered{.workspaceId = workspace.value, .userId = user};
    co_await members_.carry_out(std::move(entered));
  }
  for (const ChannelId& channel : guest.joined) {
    if (contains(now.joined, channel)) continue;
    facts::LeftChannel left{.channelId = channel.value, .userId = user, .reason = "removed"};
    co_await members_.carry_out(std::move(left));
  }
}

}  // namespace atrium::chat
