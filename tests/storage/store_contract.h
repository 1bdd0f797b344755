#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "storage/database.h"
#include "tests/support/manual_clock.h"
#include "tests/support/mongo_database.h"
#include "tests/support/task_shards.h"
#include "tests/support/temporary_directory.h"

namespace atrium::storage {

/// What every kind of database must do; the parameter is "memory:", "sqlite:", then a new file, or "mongodb:", then a new
/// database on the server that tests are given.
class StoreContract : public testing::TestWithParam<std::string> {
 protected:
  StoreContract() {
    if (GetParam() == "mongodb:" && !lacks_server()) mongo_ = std::make_unique<test::MongoDatabase>();
    database_ = open();
  }
  void SetUp() override {
    if (lacks_server()) GTEST_SKIP() << test::MongoDatabase::kSkipped;
  }
  ~StoreContract() override { database_->close(); }

  bool lacks_server() const { return GetParam() == "mongodb:" && !test::MongoDatabase::available(); }

  /// One more door to the same database, but for "memory:".
  std::unique_ptr<Database> open() {
    // Where the server is lacking, for what the fixtures put in before the test is skipped.
    std::string url = "memory:";
    if (GetParam() == "sqlite:") url = "sqlite:" + directory_.file("atrium.db");
    if (mongo_) url = mongo_->url();
    auto opened = Database::open(url, clock_);
    if (!opened) throw std::runtime_error(opened.error());
    return std::move(*opened);
  }

  template <class T>
  T await(Task<T> task, std::size_t shard = 0) {
    return shards_.await(std::move(task), shard);
  }

  UserStore& users() { return database_->users(); }
  SessionStore& sessions() { return database_->sessions(); }
  WorkspaceStore& workspaces() { return database_->workspaces(); }
  ChannelStore& channels() { return database_->channels(); }
  MessageStore& messages() { return database_->messages(); }
  PresenceStore& presence() { return database_->presence(); }

  void given_user(const std::string& id, const std::string& name) {
    await(users().ensure({UserId(id), name, id + "@example.com"}));
  }
  void given_workspace(const std::string& id) { await(workspaces().ensure({WorkspaceId(id), id, id, UserId()})); }
  void given_channel(const std::string& id, ChannelType type = ChannelType::public_) {
    Channel channel{.id = ChannelId(id), .workspace = WorkspaceId("default"), .name = id, .type = type};
    ASSERT_TRUE(await(channels().create(channel)).has_value());
  }

  test::ManualClock clock_;
  test::TemporaryDirectory directory_;
  test::TaskShards shards_{3};
  std::unique_ptr<test::MongoDatabase> mongo_;
  std::unique_ptr<Database> database_;
};

inline std::string kind_of(const testing::TestParamInfo<std::string>& info) {
  if (info.param == "mongodb:") return "Mongo";
  return info.param == "memory:" ? "Memory" : "File";
}

inline const auto kEveryKind = testing::Values("memory:", "sqlite:", "mongodb:");

}  // namespace atrium::storage
