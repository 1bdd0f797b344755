#include "chat/accounts/auth_routes.h"

#include "chat/accounts/client_address.h"

namespace atrium::chat {

namespace {

constexpr std::size_t kMaxDevice = 200;

/// What clients call themselves, as far as it is plain text.
Client client_of(const http::Request& request, const Config& config) {
  std::string device(request.header("user-agent").value_or("").substr(0, kMaxDevice));
  for (char& c : device) c = c < 0x20 || c == 0x7f ? '?' : c;
  return {.device = std::move(device), .address = client_address(request, config.trusted_proxies)};
}

}  // namespace

Task<std::optional<Failure>> AuthRoutes::too_often(std::string what, const http::Request& request, std::string email) {
  const auto wait = co_await attempts_.take(what + " " + client_address(request, config_.trusted_proxies) + " " + email);
  if (!wait) co_return std::nullopt;
  co_return failures::rate_limited(*wait);
}

Task<AuthRoutes::SignedIn> AuthRoutes::sign_up(web::Context& context, Registration wanted) {
  const std::string email = normal_email(wanted.email);
  const auto refusal = co_await too_often("register", context.request(), email);
  if (refusal) co_return *refusal;
  auto hash = co_await passwords_.hash(std::move(wanted.password.value));
  if (!hash) co_return hash.error();

  storage::Account account{.user = {.id = {}, .name = wanted.firstName.value + " " + wanted.lastName.value, .email = email},
                           .password_hash = std::move(*hash)};
  account.user.first_name = std::move(wanted.firstName.value);
  account.user.last_name = std::move(wanted.lastName.value);
  std::optional<storage::WorkspaceId> first_workspace;
  if (config_.auto_join != "off") first_workspace.emplace(config_.auto_join);
  auto user = co_await database_.users().create(std::move(account), std::move(first_workspace));
  if (!user) co_return to_failure(user.error());
  Client client = client_of(context.request(), config_);
  const auto credentials = co_await sessions_.begin(std::move(*user), std::move(client));
  co_return web::ok(to_shape(credentials), "Registration successful");
}

Task<AuthRoutes::SignedIn> AuthRoutes::log_in(web::Context& context, LoginRequest wanted) {
  const std::string email = normal_email(wanted.email);
  const auto refusal = co_await too_often("login", context.request(), email);
  if (refusal) co_return *refusal;
  auto account = co_await database_.users().account_of(email);
  std::optional<std::string> hash;
  if (account) hash = std::move(account->password_hash);
  const auto match = co_await passwords_.verify(std::move(wanted.password.value), std::move(hash));
  if (!match) co_return match.error();
  if (*match != Passwords::Match::right) co_return failures::invalid_credentials();
  if (!account->user.active) co_return failures::user_inactive();
  Client client = client_of(context.request(), config_);
  const auto credentials = co_await sessions_.begin(std::move(account->user), std::move(client));
  co_return web::ok(to_shape(credentials), "Login successful");
}

Task<Outcome<web::Ok<shapes::TokenPair>>> AuthRoutes::refresh(RefreshRequest wanted) {
  auto renewed = co_await sessions_.renew(std::move(wanted.refreshToken));
  if (!renewed) co_return renewed.error();
  co_return web::ok(
      shapes::TokenPair{.accessToken = std::move(renewed->access_token), .refreshToken = std::move(renewed->refresh_token)});
}

Task<web::Ok<std::nullptr_t>> AuthRoutes::log_out(const Bearer& bearer, LogoutRequest wanted) {
  const std::string session = bearer.claims.session;
  if (wanted.refreshToken) co_await sessions_.end_by_token(bearer.user.id, std::move(*wanted.refreshToken));
  if (!session.empty()) co_await sessions_.end(bearer.user.id, storage::SessionId(session));
  co_return web::ok(nullptr, "Logged out successfully");
}

Task<web::Ok<std::nullptr_t>> AuthRoutes::log_out_all(const storage::User& user) {
  co_await sessions_.end_all(user.id);
  co_return web::ok(nullptr, "Logged out everywhere");
}

web::Ok<shapes::Ticket> TicketRoutes::issue(const Bearer& bearer, const web::Context& context) {
  std::string ticket = tickets_.issue(bearer.claims, context.shard().clock().now());
  const auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(Tickets::kLifetime);
  return web::ok(shapes::Ticket{.ticket = std::move(ticket), .expiresIn = lifetime.count()});
}

}  // namespace atrium::chat
