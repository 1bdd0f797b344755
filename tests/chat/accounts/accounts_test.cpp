#include "chat/accounts/accounts.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/support/socket_io_server.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using Admitted = Outcome<std::shared_ptr<const Identity>>;

/// In memory, where reads wait in the line of the writes: what is asked for first is done first.
class AccountsTest : public ::testing::Test {
 protected:
  AccountsTest() : database(*storage::Database::open("memory:", clock)) {
    server.start();
    on_shard([this](std::promise<void>& done) { spawn(prepare(done)); });
  }
  ~AccountsTest() override {
    database->close();
    server.stop();
  }

  /// Runs `job` as one turn of the shard, and waits until it has kept its promise.
  template <class Job>
  void on_shard(Job job) {
    std::promise<void> done;
    server.io.shards()[0].post([&] { job(done); });
    done.get_future().get();
  }

  Task<void> prepare(std::promise<void>& done) {
    storage::User alice{.id = storage::UserId("alice"), .name = "Alice", .email = {}};
    co_await database->users().ensure(std::move(alice));
    storage::Session session{.id = storage::SessionId("s1"), .user = storage::UserId("alice"), .device = {}, .address = {}};
    session.expires_at = clock.wall() + 1h;
    co_await database->sessions().begin(std::move(session), storage::TokenHash("t1"));
    done.set_value();
  }
  Task<void> admit(std::promise<void>& done) {
    Claims claims{.subject = "alice", .email = {}, .name = "Alice"};
    claims.session = "s1";
    admitted.emplace(co_await accounts.admit(std::move(claims)));
    done.set_value();
  }
  Task<void> end_session() { co_await database->sessions().end(storage::UserId("alice"), storage::SessionId("s1")); }

  SystemClock clock;
  Config config;
  std::unique_ptr<storage::Database> database;
  test::SocketIoServer server;
  Viewers viewers{server.io.shards()};
  Peers peers{config, server.io.of("/chat"), server.io.shards()};
  Revocations revocations{server.io.of("/chat"), viewers, peers};
  Membership membership{config, *database};
  Accounts accounts{config, *database, revocations, membership};
  std::optional<Admitted> admitted;
};

TEST_F(AccountsTest, AdmitsByALivingSession) {
  on_shard([this](std::promise<void>& done) { spawn(admit(done)); });
  ASSERT_TRUE(*admitted);
  EXPECT_EQ((**admitted)->user.value, "alice");
  EXPECT_EQ((**admitted)->session.value, "s1");
}

// Its sockets are told through a room that the newcomer is not in yet.
TEST_F(AccountsTest, AdmitsNobodyWhoseSessionEndsWhileHeIsLookedUp) {
  on_shard([this](std::promise<void>& done) {
    spawn(admit(done));
    spawn(end_session());
    revocations.session_ended(storage::SessionId("s1"));
  });
  ASSERT_FALSE(*admitted);
  EXPECT_EQ(admitted->error().code, "SESSION_REVOKED");
}

}  // namespace
}  // namespace atrium::chat
