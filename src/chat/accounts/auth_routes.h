#pragma once

#include "chat/accounts/account_shapes.h"
#include "chat/accounts/attempt_limit.h"
#include "chat/accounts/passwords.h"
#include "chat/accounts/sessions.h"
#include "chat/gate.h"
#include "web/controller.h"

namespace atrium::chat {

/// Registering, signing in and out with a password. Only with --accounts on.
class AuthRoutes final : public web::Controller<AuthRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        post<"/auth/register", &AuthRoutes::sign_up>.with(
            {.status = 201, .summary = "Makes an account and signs in", .open = true}),
        post<"/auth/login", &AuthRoutes::log_in>.with({.summary = "Signs in", .open = true}),
        post<"/auth/refresh", &AuthRoutes::refresh>.with(
            {.summary = "Exchanges a refresh token for the next pair", .open = true}),
        post<"/auth/logout", &AuthRoutes::log_out>.with({.summary = "Ends my session"}),
        post<"/auth/logout-all", &AuthRoutes::log_out_all>.with({.summary = "Ends all my sessions"}),
    };
  }

  AuthRoutes(const Gate& gate, const Config& config, storage::Database& database, Sessions& sessions, Passwords& passwords,
             net::ShardSet& shards)
      : Controller(gate), config_(config), database_(database), sessions_(sessions), passwords_(passwords), attempts_(shards) {}

 private:
  using SignedIn = Outcome<web::Ok<shapes::SignedInUser>>;

  Task<SignedIn> sign_up(web::Context& context, Registration wanted);
  Task<SignedIn> log_in(web::Context& context, LoginRequest wanted);
  Task<Outcome<web::Ok<shapes::TokenPair>>> refresh(RefreshRequest wanted);
  Task<web::Ok<std::nullptr_t>> log_out(const Bearer& bearer, LogoutRequest wanted);
  Task<web::Ok<std::nullptr_t>> log_out_all(const storage::User& user);

  /// Why it may not be tried now, if it may not. `what` keeps signing in and registering apart.
  Task<std::optional<Failure>> too_often(std::string what, const http::Request& request, std::string email);

  const Config& config_;
  storage::Database& database_;
  Sessions& sessions_;
  Passwords& passwords_;
  AttemptLimit attempts_;
};

/// What a stream's URL may carry instead of a token, for whoever has one, whoever issued it.
class TicketRoutes final : public web::Controller<TicketRoutes, Gate> {
 public:
  static constexpr auto routes() {
    return std::tuple{post<"/auth/ticket", &TicketRoutes::issue>.with({.status = 201, .summary = "A ticket for one stream"})};
  }

  TicketRoutes(const Gate& gate, Tickets& tickets) : Controller(gate), tickets_(tickets) {}

 private:
  web::Ok<shapes::Ticket> issue(const Bearer& bearer, const web::Context& context);

  Tickets& tickets_;
};

}  // namespace atrium::chat
