#pragma once

#include <string>
#include <vector>

#include "base/task.h"
#include "chat/accounts/token.h"
#include "chat/config.h"
#include "chat/failure.h"
#include "chat/http_shapes.h"
#include "storage/database.h"
#include "web/controller.h"

namespace atrium::chat {

/// Workspace `default` with its channel `general`, which every database has; with --demo also alice, bob and carol, two more
/// channels, and something to read.
Task<void> fill_database(const Config& config, storage::Database& database);

struct SignIn {
  std::string userId;
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (userId))

struct SignedIn {
  std::string accessToken;
  shapes::User user;
};
BOOST_DESCRIBE_STRUCT(SignedIn, (), (accessToken, user))

/// Signing in without a password, for demonstrations: lists the demo users and hands out their tokens. Only with --demo.
class DemoSignIn final : public web::Controller<DemoSignIn> {
 public:
  static constexpr auto routes() {
    return std::tuple{get<"/auth/demo", &DemoSignIn::list>.with({.summary = "Who one may sign in as", .open = true}),
                      post<"/auth/demo", &DemoSignIn::sign_in>.with({.summary = "Signs in as a demo user", .open = true})};
  }

  explicit DemoSignIn(const TokenAuthority& tokens) : tokens_(tokens) {}

 private:
  static web::Ok<std::vector<shapes::User>> list();
  Outcome<web::Ok<SignedIn>> sign_in(const web::Context& context, const SignIn& wanted) const;

  const TokenAuthority& tokens_;
};

}  // namespace atrium::chat
