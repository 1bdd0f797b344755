#include "chat/presence/presence_routes.h"

#include <algorithm>
#include <map>

#include "base/timestamp.h"

namespace atrium::chat {

using shapes::UserPresence;
using storage::UserId;

namespace {

constexpr std::size_t kPage = 250;

UserPresence to_shape(const events::PresentUser& user) {
  return {.userId = user.userId,
          .userName = user.userName,
          .status = user.status,
          .lastActiveAt = user.lastActiveAt,
          .lastSeen = {}};
}

std::vector<UserPresence> to_shapes(const std::vector<events::PresentUser>& users) {
  std::vector<UserPresence> shapes;
  for (const auto& user : users) shapes.push_back(to_shape(user));
  return shapes;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::optional<Status> to_status(const std::optional<ShownStatus>& wanted) {
  if (!wanted) return std::nullopt;
  switch (*wanted) {
    case ShownStatus::online:
      return Status::online;
    case ShownStatus::away:
      return Status::away;
    case ShownStatus::dnd:
      return Status::dnd;
    case ShownStatus::offline:
      return Status::offline;
  }
  return std::nullopt;
}

}  // namespace

Task<Outcome<PresencePage>> PresenceRoutes::of_workspace(const storage::Workspace& workspace,
                                                         web::Query<PresenceFilter> filter) {
  const std::size_t limit = filter.limit ? static_cast<std::size_t>(*filter.limit) : kPage;
  const std::optional<Status> status = to_status(filter.status);
  const std::string after = filter.cursor.value_or("");
  const std::vector<std::string> ids = split(filter.ids.value_or(""));
  if (ids.size() > kMaxIds) co_return failures::invalid("ids", "must name at most " + std::to_string(kMaxIds) + " users");
  std::vector<UserPresence> found;
  if (!filter.ids && status != Status::offline) {
    const auto online = co_await presence_.online_in(workspace.id, status, UserId(after), limit + 1);
    found = to_shapes(online);
  } else if (!filter.ids || !ids.empty()) {
    found = co_await members(workspace.id, ids, after);
    std::erase_if(found, [&](const UserPresence& user) { return status && user.status != *status; });
  }
  const bool more = !filter.ids && found.size() > limit;
  if (more) found.resize(limit);
  PresencePage page{.data = {}, .meta = {.limit = limit, .hasMore = more, .nextCursor = {}}};
  if (more) page.meta.nextCursor = found.back().userId;
  page.data = co_await with_last_seen(std::move(found));
  co_return page;
}

Task<std::vector<UserPresence>> PresenceRoutes::members(storage::WorkspaceId workspace, std::vector<std::string> ids,
                                                        std::string after) {
  std::sort(ids.begin(), ids.end());
  std::map<std::string, UserPresence> found;
  std::vector<UserId> asked;
  for (const auto& member : co_await database_.workspaces().members(workspace)) {
    const std::string& id = member.user.value;
    if (ids.empty() ? id <= after : !std::binary_search(ids.begin(), ids.end(), id)) continue;
    found.emplace(id, UserPresence{.userId = id, .userName = member.name, .status = Status::offline, .lastActiveAt = {},
                                   .lastSeen = {}});
    asked.push_back(member.user);
  }
  for (const auto& user : co_await presence_.online_among(workspace, std::move(asked))) found[user.userId] = to_shape(user);
  std::vector<UserPresence> users;
  for (auto& [id, user] : found) users.push_back(std::move(user));
  co_return users;
}

Task<std::vector<UserPresence>> PresenceRoutes::with_last_seen(std::vector<UserPresence> users) {
  std::vector<UserId> offline;
  for (const auto& user : users) {
    if (user.status == Status::offline) offline.emplace_back(user.userId);
  }
  if (offline.empty()) co_return users;
  const auto seen = co_await database_.presence().last_seen(std::move(offline));
  for (auto& user : users) {
    const auto at = seen.find(UserId(user.userId));
    if (at != seen.end()) user.lastSeen = to_iso8601(at->second);
  }
  co_return users;
}

Task<web::Ok<std::vector<UserPresence>>> PresenceRoutes::of_channel(const storage::Channel& channel) {
  auto users = co_await channels_.users_in(channel.id);
  const auto online = co_await presence_.online_among(channel.workspace, std::move(users));
  co_return web::ok(to_shapes(online));
}

Task<web::Ok<events::OwnStatus>> PresenceRoutes::mine(const storage::User& user) {
  auto own = co_await presence_.chosen(user.id);
  co_return web::ok(std::move(own));
}

Task<Outcome<web::Ok<events::OwnStatus>>> PresenceRoutes::choose(const storage::User& user, events::StatusRequest wanted) {
  auto own = co_await presence_.choose(user.id, std::move(wanted));
  if (!own) co_return own.error();
  co_return web::ok(std::move(*own), "Presence updated");
}

}  // namespace atrium::chat
