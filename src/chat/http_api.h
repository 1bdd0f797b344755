#pragma once

#include "chat/accounts.h"
#include "chat/channels.h"
#include "chat/messages.h"
#include "chat/presence.h"
#include "chat/stats.h"
#include "chat/token.h"
#include "web/router.h"

namespace atrium::chat {

/// The REST half of the chat: history, edits, channels and members, live figures. Every route but those for signing in wants
/// a token; what the bearer may not see is answered as if it did not exist.
class HttpApi final {
 public:
  struct Parts {
    const TokenAuthority& tokens;
    const Accounts& accounts;
    const Membership& membership;
    storage::Database& database;
    Channels& channels;
    Messages& messages;
    Presence& presence;
    Stats& stats;
  };

  explicit HttpApi(Parts parts) : parts_(parts) {}

  /// Before the server starts.
  void attach(web::Router& router);

 private:
  using Handler = Task<http::Response> (HttpApi::*)(web::Context&, const storage::User& user);
  void add(web::Router& router, std::string method, std::string pattern, Handler handler);

  Task<storage::User> authenticate(web::Context& context) const;

  Task<http::Response> me(web::Context&, const storage::User& user);
  Task<http::Response> list_workspaces(web::Context&, const storage::User& user);
  Task<http::Response> list_members(web::Context& context, const storage::User& user);
  Task<http::Response> list_online(web::Context& context, const storage::User& user);
  Task<http::Response> list_channels(web::Context& context, const storage::User& user);
  Task<http::Response> create_channel(web::Context& context, const storage::User& user);
  Task<http::Response> get_channel(web::Context& context, const storage::User& user);
  Task<http::Response> add_member(web::Context& context, const storage::User& user);
  Task<http::Response> remove_member(web::Context& context, const storage::User& user);
  Task<http::Response> history(web::Context& context, const storage::User& user);
  Task<http::Response> edit_message(web::Context& context, const storage::User& user);
  Task<http::Response> delete_message(web::Context& context, const storage::User& user);
  Task<void> live_stats(web::Context& context);

  Task<storage::Channel> visible_channel(web::Context& context, const storage::User& user) const;
  Task<storage::Workspace> visible_workspace(web::Context& context, const storage::User& user) const;
  /// Whether `user` may decide who is in `channel`: who made it, or an admin of the workspace.
  Task<bool> governs(storage::Channel channel, storage::UserId user) const;
  Task<std::optional<std::uint64_t>> cursor(web::Context& context, std::string_view name, storage::ChannelId channel) const;

  const Parts parts_;
};

}  // namespace atrium::chat
