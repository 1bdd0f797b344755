#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include "storage/database.h"
#include "tests/support/manual_clock.h"
#include "tests/support/task_shards.h"
#include "tests/support/temporary_directory.h"

namespace atrium::storage {

namespace {

/// A database as the first version of Atrium left it: two messages in general, the first of which was edited.
constexpr const char* kFirstVersion = R"(
CREATE TABLE users (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE workspaces (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, slug TEXT NOT NULL UNIQUE, created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE workspace_members (
  workspace_id TEXT NOT NULL REFERENCES workspaces(id), user_id TEXT NOT NULL REFERENCES users(id),
  role TEXT NOT NULL CHECK (role IN ('member', 'admin')), PRIMARY KEY (workspace_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_members_by_user ON workspace_members(user_id);
CREATE TABLE channels (
  id TEXT PRIMARY KEY, workspace_id TEXT NOT NULL REFERENCES workspaces(id), name TEXT NOT NULL, description TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('public', 'private', 'direct')), created_by TEXT NOT NULL, created_at INTEGER NOT NULL,
  last_seq INTEGER NOT NULL DEFAULT 0, UNIQUE (workspace_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE channel_members (
  channel_id TEXT NOT NULL REFERENCES channels(id), user_id TEXT NOT NULL REFERENCES users(id),
  PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_members_by_user ON channel_members(user_id);
CREATE TABLE messages (
  id TEXT NOT NULL PRIMARY KEY, channel_id TEXT NOT NULL, seq INTEGER NOT NULL, sender_id TEXT NOT NULL,
  sender_name TEXT NOT NULL, content TEXT NOT NULL, client_msg_id TEXT NOT NULL, rev INTEGER NOT NULL, edited INTEGER NOT NULL,
  deleted INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_by_seq ON messages(channel_id, seq);
CREATE UNIQUE INDEX messages_by_client_id ON messages(sender_id, client_msg_id) WHERE client_msg_id <> '';
INSERT INTO workspaces VALUES ('default', 'Default', 'default', '');
INSERT INTO users VALUES ('alice', 'Alice', 'alice@example.com', 0);
INSERT INTO workspace_members VALUES ('default', 'alice', 'member');
INSERT INTO channels VALUES ('general', 'default', 'general', '', 'public', '', 0, 2);
INSERT INTO messages VALUES ('m1', 'general', 1, 'alice', 'Alice', 'uno', '', 2, 1, 0, 0, 5);
INSERT INTO messages VALUES ('m2', 'general', 2, 'alice', 'Alice', 'two', '', 1, 0, 0, 0, 0);
PRAGMA application_id = 1098150505;
PRAGMA user_version = 1;
)";

class Migration : public testing::Test {
 protected:
  Migration() {
    const std::string path = directory_.file("atrium.db");
    SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(kFirstVersion);
    auto opened = Database::open("sqlite:" + path, clock_);
    if (!opened) throw std::runtime_error(opened.error());
    database_ = std::move(*opened);
  }
  ~Migration() override { database_->close(); }

  const ChannelId kGeneral{"general"};
  const UserId kAlice{"alice"};
  test::ManualClock clock_;
  test::TemporaryDirectory directory_;
  test::TaskShards shards_{1};
  std::unique_ptr<Database> database_;
};

TEST_F(Migration, WhatWasSaidBeforeCountsAsChangesInItsOrder) {
  const Changes changes = shards_.await(database_->messages().changes(kGeneral, 0, 10));
  ASSERT_EQ(changes.oldest_first.size(), 2U);
  EXPECT_EQ(changes.oldest_first[0].content, "uno");
  EXPECT_EQ(changes.oldest_first[1].created_mod_seq, 2U);
  EXPECT_EQ(changes.now, (ChannelCounts{.last_seq = 2, .mod_seq = 2}));
  const auto next = shards_.await(database_->messages().append({kGeneral, kAlice, "Alice", "three", ""}));
  EXPECT_EQ(next->message.mod_seq, 3U);
}

TEST_F(Migration, NobodyHasReadWhatNoMarkerTells) {
  EXPECT_EQ(shards_.await(database_->reads().reading(kGeneral, UserId("bob"))).unread, 2U);
}

}  // namespace

}  // namespace atrium::storage
