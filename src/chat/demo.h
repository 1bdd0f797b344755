#pragma once

#include <string>

#include "base/task.h"
#include "chat/accounts.h"
#include "chat/config.h"
#include "chat/token.h"
#include "storage/database.h"
#include "web/router.h"

namespace atrium::chat {

/// Workspace `default` with its channel `general`, which every database has; with --demo also alice, bob and carol, two more
/// channels, and something to read.
Task<void> fill_database(const Config& config, storage::Database& database);

/// Signing in without a password, for demonstrations: lists the demo users and hands out their tokens. Only with --demo.
class DemoSignIn final {
 public:
  explicit DemoSignIn(const TokenAuthority& tokens) : tokens_(tokens) {}
  /// Before the server starts.
  void attach(web::Router& router);

 private:
  const TokenAuthority& tokens_;
};

}  // namespace atrium::chat
