#include "chat/http_api.h"

#include <charconv>

#include "chat/http_problems.h"
#include "chat/http_shapes.h"
#include "web/guard.h"

namespace atrium::chat {

using storage::ChannelId;
using storage::ChannelType;
using storage::UserId;
using storage::WorkspaceId;
using web::Context;

namespace {

struct NewChannel {
  std::string name;
  std::optional<std::string> description;
  std::optional<std::string> type;
};
BOOST_DESCRIBE_STRUCT(NewChannel, (), (name, description, type))

struct NewMember {
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(NewMember, (), (userId))

struct NewContent {
  std::string content;
};
BOOST_DESCRIBE_STRUCT(NewContent, (), (content))

bool is_channel_name(std::string_view name) {
  return !name.empty() && name.size() <= 80 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::size_t page_limit(const Context& context) {
  constexpr std::size_t kDefault = 50;
  constexpr std::size_t kMost = 100;
  const auto text = context.query("limit");
  if (!text) return kDefault;
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc() || end != text->data() + text->size() || limit < 1 || limit > kMost) {
    throw to_problem(failures::invalid("limit", "must be a whole number from 1 to 100"));
  }
  return limit;
}

json::value cursor_of(const storage::Message& message) { return json::value(json::string(message.id.value)); }

}  // namespace

void HttpApi::add(web::Router& router, std::string method, std::string pattern, Handler handler) {
  router.add(std::move(method), std::move(pattern), [this, handler](Context& context) -> Task<http::Response> {
    const auto user = co_await authenticate(context);
    try {
      co_return co_await (this->*handler)(context, user);
    } catch (const storage::StoreUnavailable&) {
      throw to_problem(failures::unavailable());
    }
  });
}

void HttpApi::attach(web::Router& router) {
  add(router, "GET", "/users/me", &HttpApi::me);
  add(router, "GET", "/workspaces", &HttpApi::list_workspaces);
  add(router, "GET", "/workspaces/:workspaceId/members", &HttpApi::list_members);
  add(router, "GET", "/workspaces/:workspaceId/presence", &HttpApi::list_online);
  add(router, "GET", "/workspaces/:workspaceId/channels", &HttpApi::list_channels);
  add(router, "POST", "/workspaces/:workspaceId/channels", &HttpApi::create_channel);
  add(router, "GET", "/channels/:channelId", &HttpApi::get_channel);
  add(router, "POST", "/channels/:channelId/members", &HttpApi::add_member);
  add(router, "DELETE", "/channels/:channelId/members/:userId", &HttpApi::remove_member);
  add(router, "GET", "/channels/:channelId/messages", &HttpApi::history);
  add(router, "PATCH", "/messages/:messageId", &HttpApi::edit_message);
  add(router, "DELETE", "/messages/:messageId", &HttpApi::delete_message);
  router.add_stream("/workspaces/:workspaceId/stats/live", [this](Context& context) { return live_stats(context); });
  router.add("GET", "/healthz", [](Context&) -> Task<http::Response> {
    co_return web::json_response(json::object{{"status", "ok"}});
  });
}

Task<storage::User> HttpApi::authenticate(Context& context) const {
  const auto token = web::bearer_token(context.request());
  if (!token) throw web::Problem(401, "UNAUTHORIZED", "Authentication required.");
  const auto claims = parts_.tokens.verify(*token, context.shard().clock().wall());
  if (!claims) {
    const bool expired = claims.error() == TokenError::expired;
    throw web::Problem(401, "UNAUTHORIZED", expired ? "The token has expired." : "The token is not valid.");
  }
  co_return co_await parts_.accounts.user_of(*claims);
}

Task<http::Response> HttpApi::me(Context&, const storage::User& user) { co_return web::ok(to_shape(user)); }

Task<http::Response> HttpApi::list_workspaces(Context&, const storage::User& user) {
  const auto workspaces = co_await parts_.database.workspaces().of_user(user.id);
  co_return web::ok(to_shapes(workspaces));
}

Task<storage::Workspace> HttpApi::visible_workspace(Context& context, const storage::User& user) const {
  co_return value_or_throw(co_await parts_.membership.workspace(WorkspaceId(context.param("workspaceId")), user.id));
}

Task<storage::Channel> HttpApi::visible_channel(Context& context, const storage::User& user) const {
  co_return value_or_throw(co_await parts_.membership.channel(ChannelId(context.param("channelId")), user.id));
}

Task<http::Response> HttpApi::list_members(Context& context, const storage::User& user) {
  const auto workspace = co_await visible_workspace(context, user);
  const auto members = co_await parts_.database.workspaces().members(workspace.id);
  co_return web::ok(to_shapes(members));
}

Task<http::Response> HttpApi::list_online(Context& context, const storage::User& user) {
  const auto workspace = co_await visible_workspace(context, user);
  const auto online = co_await parts_.presence.online_in(workspace.id);
  co_return web::ok(to_json(online));
}

Task<http::Response> HttpApi::list_channels(Context& context, const storage::User& user) {
  const auto workspace = co_await visible_workspace(context, user);
  const auto channels = co_await parts_.database.channels().visible_to(workspace.id, user.id);
  co_return web::ok(to_shapes(channels));
}

Task<http::Response> HttpApi::create_channel(Context& context, const storage::User& user) {
  const auto workspace = co_await visible_workspace(context, user);
  auto wanted = parse_body<NewChannel>(context.request());
  if (!is_channel_name(wanted.name)) {
    throw to_problem(failures::invalid("name", "must have 1 to 80 characters out of a-z, 0-9 and '-'"));
  }
  if (wanted.description && wanted.description->size() > 500) {
    throw to_problem(failures::invalid("description", "must have at most 500 characters"));
  }
  const auto type = storage::parse_channel_type(wanted.type.value_or("public"));
  if (!type) throw to_problem(failures::invalid("type", "must be public, private or direct"));
  storage::Channel channel{.id = {},
                           .workspace = workspace.id,
                           .name = wanted.name,
                           .description = wanted.description.value_or(""),
                           .type = *type,
                           .created_by = user.id};
  // In the default workspace a channel goes by its name, as it did in the original application.
  if (workspace.id.value == "default") channel.id = ChannelId(wanted.name);
  const auto created = co_await parts_.database.channels().create(std::move(channel));
  if (!created) throw to_problem(to_failure(created.error()));
  if (created->type != ChannelType::public_) co_await parts_.database.channels().add_member(created->id, user.id);
  co_return web::ok(to_shape(*created), "Channel created", 201);
}

Task<http::Response> HttpApi::get_channel(Context& context, const storage::User& user) {
  const auto channel = co_await visible_channel(context, user);
  auto shape = to_shape(channel);
  json::array members;
  for (const auto& member : co_await parts_.database.channels().members(channel.id)) members.emplace_back(member.value);
  shape["memberIds"] = std::move(members);
  co_return web::ok(std::move(shape));
}

Task<bool> HttpApi::governs(storage::Channel channel, storage::UserId user) const {
  if (channel.created_by == user) co_return true;
  for (const auto& member : co_await parts_.database.workspaces().members(channel.workspace)) {
    if (member.user == user) co_return member.role == storage::Role::admin;
  }
  co_return false;
}

Task<http::Response> HttpApi::add_member(Context& context, const storage::User& user) {
  const auto channel = co_await visible_channel(context, user);
  const UserId added(parse_body<NewMember>(context.request()).userId);
  const bool self_join = channel.type == ChannelType::public_ && added == user.id;
  if (!self_join && !co_await governs(channel, user.id)) {
    throw web::Problem(403, "NOT_CHANNEL_ADMIN", "Only who made the channel, or an admin, may add others.");
  }
  if (!co_await parts_.database.workspaces().is_member(channel.workspace, added)) throw to_problem(failures::user_not_found());
  co_await parts_.database.channels().add_member(channel.id, added);
  co_return web::ok(nullptr, "Member added");
}

Task<http::Response> HttpApi::remove_member(Context& context, const storage::User& user) {
  const auto channel = co_await visible_channel(context, user);
  const UserId removed(context.param("userId"));
  if (removed != user.id && !co_await governs(channel, user.id)) {
    throw web::Problem(403, "NOT_CHANNEL_ADMIN", "Only who made the channel, or an admin, may remove others.");
  }
  if (!co_await parts_.database.channels().remove_member(channel.id, removed)) throw to_problem(failures::user_not_found());
  // In a public channel everybody stays welcome; only the entry is gone.
  if (channel.type != ChannelType::public_) parts_.channels.remove(channel.id, removed, "removed");
  co_return web::ok(nullptr, "Member removed");
}

/// The `seq` that ?before= or ?after= means: the id of a message of this channel.
Task<std::optional<std::uint64_t>> HttpApi::cursor(Context& context, std::string_view name, ChannelId channel) const {
  const auto id = context.query(name);
  if (!id) co_return std::nullopt;
  const auto message = co_await parts_.database.messages().find(storage::MessageId(std::string(*id)));
  if (!message || message->channel != channel) {
    throw to_problem(failures::invalid(std::string(name), "must be the id of a message of this channel"));
  }
  co_return message->seq;
}

Task<http::Response> HttpApi::history(Context& context, const storage::User& user) {
  const auto channel = co_await visible_channel(context, user);
  storage::PageQuery query{.channel = channel.id, .before_seq = {}, .after_seq = {}, .limit = page_limit(context)};
  query.before_seq = co_await cursor(context, "before", channel.id);
  query.after_seq = co_await cursor(context, "after", channel.id);
  const std::size_t limit = query.limit;
  const auto page = co_await parts_.database.messages().page(std::move(query));
  const auto last_seq = co_await parts_.database.messages().last_seq(channel.id);
  const auto& messages = page.newest_first;
  json::object body{{"success", true}, {"data", to_shapes(messages)}};
  body["meta"] = json::object{{"limit", limit},
                              {"hasMore", page.has_more},
                              {"nextCursor", messages.empty() ? json::value() : cursor_of(messages.back())},
                              {"prevCursor", messages.empty() ? json::value() : cursor_of(messages.front())},
                              {"lastSeq", last_seq}};
  co_return web::json_response(body);
}

Task<http::Response> HttpApi::edit_message(Context& context, const storage::User& user) {
  auto wanted = parse_body<NewContent>(context.request());
  const storage::MessageId id(context.param("messageId"));
  const auto edited = value_or_throw(co_await parts_.messages.edit(user.id, id, std::move(wanted.content)));
  co_return web::ok(to_shape(edited));
}

Task<http::Response> HttpApi::delete_message(Context& context, const storage::User& user) {
  const storage::MessageId id(context.param("messageId"));
  value_or_throw(co_await parts_.messages.remove(user.id, id));
  co_return web::ok(nullptr, "Message deleted");
}

Task<void> HttpApi::live_stats(Context& context) {
  const auto user = co_await authenticate(context);
  const auto workspace = co_await visible_workspace(context, user);
  co_await parts_.stats.watch(workspace.id, std::make_unique<web::SseStream>(context.exchange(), context.common_headers()));
}

}  // namespace atrium::chat
