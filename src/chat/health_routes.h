#pragma once

#include <string>

#include "chat/nodes/peers.h"
#include "chat/operations/drain.h"
#include "storage/database.h"
#include "web/controller.h"

namespace atrium::chat {

struct Health {
  std::string status;  ///< "ok", or "degraded": this node serves by itself, though others belong to it
};
BOOST_DESCRIBE_STRUCT(Health, (), (status))

/// Whether the server answers at all, and whether it should be sent clients, for whoever watches over it.
class HealthRoutes final : public web::Controller<HealthRoutes> {
 public:
  static constexpr auto routes() {
    return std::tuple{
        get<"/healthz", &HealthRoutes::show>.with({.summary = "Answers while the server runs", .open = true}),
        get<"/readyz", &HealthRoutes::show_ready>.with({.summary = "Answers while the server can take clients", .open = true})};
  }

  HealthRoutes(const Peers& peers, const Drain& drain, storage::Database& database)
      : peers_(peers), drain_(drain), database_(database) {}

 private:
  static Health show() { return {.status = "ok"}; }
  Task<Health> show_ready() {
    if (drain_.under_way()) {
      http::Headers headers{{"Retry-After", "1"}};
      throw web::Problem(503, "DRAINING", "The server is about to end.", {}, std::move(headers));
    }
    // Whether it can be read; what it has, does not matter.
    co_await database_.users().find(storage::UserId("nobody"));
    co_return Health{.status = peers_.degraded() ? "degraded" : "ok"};
  }

  const Peers& peers_;
  const Drain& drain_;
  storage::Database& database_;
};

}  // namespace atrium::chat
