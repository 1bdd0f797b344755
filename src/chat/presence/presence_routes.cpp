#include "chat/presence/presence_routes.h"

#include <algorithm>
#include <iterator>

#include "base/timestamp.h"
#include "chat/limits/event_limits.h"

namespace atrium::chat {

using shapes::UserPresence;
using storage::UserId;

namespace {

constexpr std::size_t kPage = 250;
constexpr std::size_t kMemberId = 1;  // in WorkspaceStore::kMemberFields
static_assert(storage::WorkspaceStore::kMemberFields[kMemberId].name == "userId");

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

PresenceRoutes::PresenceRoutes(const Gate& gate, const Stage& stage, storage::Database& database, Channels& channels,
                               Presence& presence)
    : Controller(gate), database_(database), channels_(channels), presence_(presence) {
  // As fast as by a socket.
  if (const auto rate = make_rate(stage.config.limits.statuses, std::chrono::seconds(20)))
    choices_.emplace(stage.shards, *rate);
}

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
  } else if (!filter.ids) {
    found = co_await offline_members(workspace.id, after, limit + 1);
  } else if (!ids.empty()) {
    const storage::ListFilter named{kMemberId, storage::ListOp::in, {ids.begin(), ids.end()}};
    found = co_await members(workspace.id, named);
    std::erase_if(found, [&](const UserPresence& user) { return status && user.status != *status; });
  }
  const bool more = !filter.ids && found.size() > limit;
  if (more) found.resize(limit);
  PresencePage page{.data = {}, .meta = {.limit = limit, .hasMore = more, .nextCursor = {}}};
  if (more) page.meta.nextCursor = found.back().userId;
  page.data = co_await with_last_seen(std::move(found));
  co_return page;
}

Task<std::vector<UserPresence>> PresenceRoutes::members(storage::WorkspaceId workspace, storage::ListFilter which) {
  storage::ListQuery query{.page = 1, .limit = kMaxIds, .sort = {{.field = kMemberId}}, .filters = {}, .q = {}};
  query.filters.push_back(std::move(which));
  const auto listed = co_await database_.workspaces().list_members(workspace, std::move(query));
  std::vector<UserPresence> users;
  std::vector<UserId> asked;
  for (const auto& member : listed.records) {
    users.push_back(
        {.userId = member.user.value, .userName = member.name, .status = Status::offline, .lastActiveAt = {}, .lastSeen = {}});
    asked.push_back(member.user);
  }
  auto online = co_await presence_.online_among(workspace, std::move(asked));
  auto next = online.begin();
  for (auto& user : users) {
    if (next != online.end() && next->userId == user.userId) user = to_shape(*next++);
  }
  co_return users;
}

Task<std::vector<UserPresence>> PresenceRoutes::offline_members(storage::WorkspaceId workspace, std::string after,
                                                                std::size_t enough) {
  std::vector<UserPresence> found;
  for (bool more = true; more && found.size() < enough;) {
    const storage::ListFilter later{kMemberId, storage::ListOp::gt, {after}};
    auto some = co_await members(workspace, later);
    more = some.size() == kMaxIds;
    if (more) after = some.back().userId;
    std::erase_if(some, [](const UserPresence& user) { return user.status != Status::offline; });
    std::move(some.begin(), some.end(), std::back_inserter(found));
  }
  if (found.size() > enough) found.resize(enough);
  co_return found;
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
  if (choices_) {
    const auto wait = co_await choices_->take(user.id.value);
    if (wait) co_return failures::rate_limited(*wait);
  }
  auto own = co_await presence_.choose(user.id, std::move(wanted));
  if (!own) co_return own.error();
  co_return web::ok(std::move(*own), "Presence updated");
}

}  // namespace atrium::chat
