#include "chat/accounts/demo.h"

#include <array>

#include "chat/http_problems.h"

namespace atrium::chat {

namespace {

struct DemoUser {
  const char* id;
  const char* name;
};
constexpr std::array<DemoUser, 3> kUsers{{{"alice", "Alice"}, {"bob", "Bob"}, {"carol", "Carol"}}};

std::string email_of(const DemoUser& user) { return std::string(user.id) + "@vibed.dev"; }

shapes::User shape_of(const DemoUser& user) { return {.id = user.id, .name = user.name, .email = email_of(user)}; }

struct Line {
  const char* channel;
  const char* sender;
  const char* name;
  const char* content;
};
constexpr std::array<Line, 5> kLines{{
    {"general", "alice", "Alice", "Morning! The new build is up. Open a second window as Bob and watch us type."},
    {"general", "bob", "Bob", "Seen it. Reload the page: nobody goes offline for that any more."},
    {"general", "carol", "Carol", "And close the last tab to see that somebody does."},
    {"backend-dev", "bob", "Bob", "History is stored before anyone sees it, so an acknowledged message survives a power cut."},
    {"frontend-dev", "carol", "Carol", "This page is plain socket.io-client on path /ws, namespace /chat."},
}};

Task<void> ensure_channel(storage::Database& database, std::string name, std::string description) {
  const storage::ChannelId id(name);
  if (co_await database.channels().find(id)) co_return;
  storage::Channel channel{.id = id,
                           .workspace = storage::WorkspaceId("default"),
                           .name = std::move(name),
                           .description = std::move(description),
                           .type = storage::ChannelType::public_,
                           .created_by = {}};
  co_await database.channels().create(std::move(channel));
}

Task<void> ensure_lines(storage::Database& database) {
  const auto counts = co_await database.messages().counts(storage::ChannelId("general"));
  if (counts.last_seq > 0) co_return;
  for (const Line& line : kLines) {
    storage::NewMessage message{.channel = storage::ChannelId(line.channel),
                                .sender = storage::UserId(line.sender),
                                .sender_name = line.name,
                                .content = line.content,
                                .client_msg_id = {}};
    co_await database.messages().append(std::move(message));
  }
}

}  // namespace

Task<void> fill_database(const Config& config, storage::Database& database) {
  storage::Workspace workspace{.id = storage::WorkspaceId("default"), .name = "Default", .slug = "default", .created_by = {}};
  co_await database.workspaces().ensure(std::move(workspace));
  co_await ensure_channel(database, "general", "For everybody");
  for (const std::string& id : config.superadmins) {
    // Whoever is not here yet is made one when he comes.
    storage::UserChange change{.role = storage::GlobalRole::superadmin};
    co_await database.users().change(storage::UserId(id), std::move(change));
  }
  if (!config.demo) co_return;
  for (const DemoUser& demo : kUsers) {
    storage::User user{.id = storage::UserId(demo.id), .name = demo.name, .email = email_of(demo)};
    co_await database.users().ensure(std::move(user));
    const bool first = &demo == &kUsers.front();
    co_await database.workspaces().add_member(storage::WorkspaceId("default"), storage::UserId(demo.id),
                                              first ? storage::Role::admin : storage::Role::member);
  }
  co_await ensure_channel(database, "backend-dev", "What runs where nobody looks");
  co_await ensure_channel(database, "frontend-dev", "What everybody looks at");
  co_await ensure_lines(database);
}

web::Ok<std::vector<shapes::User>> DemoSignIn::list() {
  std::vector<shapes::User> users;
  for (const DemoUser& user : kUsers) users.push_back(shape_of(user));
  return web::ok(std::move(users));
}

Outcome<web::Ok<SignedIn>> DemoSignIn::sign_in(const web::Context& context, const SignIn& wanted) const {
  for (const DemoUser& user : kUsers) {
    if (wanted.userId != user.id) continue;
    auto token = tokens_.mint({.subject = user.id, .email = email_of(user), .name = user.name}, context.shard().clock().wall(),
                              std::chrono::hours(24 * 7));
    return web::ok(SignedIn{.accessToken = std::move(token), .user = shape_of(user)}, "Signed in");
  }
  return failures::invalid("userId", "must be one of the demo users alice, bob and carol");
}

}  // namespace atrium::chat
