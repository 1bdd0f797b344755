#include "storage/sqlite_writer.h"

#include <gmock/gmock.h>

#include "storage/sqlite_query.h"
#include "tests/support/task_shards.h"
#include "tests/support/temporary_directory.h"

namespace atrium::storage {

namespace {

using testing::ElementsAre;
using Access = SqliteConnection::Access;

/// A writer that is held by its first piece of work, so that a test decides what stands in line behind it.
class SqliteWriterTest : public testing::Test {
 protected:
  SqliteWriterTest() { connection_.execute("PRAGMA journal_mode = WAL; CREATE TABLE notes (note TEXT PRIMARY KEY)"); }

  static void insert(SqliteConnection& db, const std::string& note) {
    SqliteQuery(db, "INSERT INTO notes VALUES (?1)", note).change();
  }
  std::future<bool> note(const std::string& note) {
    return shards_.start(writer_.run([note](SqliteConnection& db) {
      insert(db, note);
      return true;
    }));
  }
  struct Seen {
    std::vector<std::string> answered;
    std::vector<std::int64_t> committed_at_work;
    std::vector<std::int64_t> committed_at_answer;
  };
  Task<bool> note_and_look(std::string note, Seen& seen) {
    auto work = [this, &note, &seen](SqliteConnection& db) {
      insert(db, note);
      seen.committed_at_work.push_back(committed());
      return true;
    };
    co_await writer_.run(work);
    seen.answered.push_back(note);
    seen.committed_at_answer.push_back(committed());
    co_return true;
  }
  std::int64_t committed() { return observer_.number("SELECT count(*) FROM notes"); }

  /// Returns once the writer stands still; it goes on at release_.
  std::future<bool> hold() {
    auto held = std::make_shared<std::promise<void>>();
    auto done = shards_.start(writer_.run([held, release = release_.get_future().share()](SqliteConnection&) {
      held->set_value();
      release.get();
      return true;
    }));
    held->get_future().get();
    return done;
  }
  /// Until everything that was started has reached the writer's line.
  void settle() {
    std::promise<void> settled;
    shards_[0].post([&] { settled.set_value(); });
    settled.get_future().get();
  }

  test::TemporaryDirectory directory_;
  SqliteConnection connection_{directory_.file("writer.db"), Access::read_write};
  SqliteConnection observer_{directory_.file("writer.db"), Access::read_only};
  test::TaskShards shards_;
  std::promise<void> release_;
  SqliteWriter writer_{connection_, 4};
};

TEST_F(SqliteWriterTest, AnsweredIsCommitted) {
  EXPECT_TRUE(note("one").get());
  EXPECT_EQ(committed(), 1);
}

TEST_F(SqliteWriterTest, CommitsWhatWaitsAsOneGroupAndAnswersInOrder) {
  auto held = hold();
  Seen seen;
  std::vector<std::future<bool>> running;
  for (const char* name : {"one", "two", "three"}) running.push_back(shards_.start(note_and_look(name, seen)));
  settle();
  release_.set_value();
  for (auto& one : running) one.get();

  EXPECT_THAT(seen.answered, ElementsAre("one", "two", "three"));
  EXPECT_THAT(seen.committed_at_work, ElementsAre(0, 0, 0));
  EXPECT_THAT(seen.committed_at_answer, ElementsAre(3, 3, 3));
  EXPECT_TRUE(held.get());
}

TEST_F(SqliteWriterTest, WorkThatThrowsLeavesNoTraceAndDoesNotDisturbItsGroup) {
  auto held = hold();
  auto before = note("one");
  auto failing = shards_.start(writer_.run([](SqliteConnection& db) -> bool {
    insert(db, "half");
    throw std::invalid_argument("no");
  }));
  auto conflicting = note("one");
  auto after = note("two");
  settle();
  release_.set_value();

  EXPECT_TRUE(before.get());
  EXPECT_THROW(failing.get(), std::invalid_argument);
  EXPECT_THROW(conflicting.get(), StoreUnavailable);
  EXPECT_TRUE(after.get());
  EXPECT_EQ(committed(), 2);
}

TEST_F(SqliteWriterTest, AChangeThatCannotBeCommittedDoesNotDisturbItsGroup) {
  connection_.execute("CREATE TABLE owned (owner TEXT REFERENCES notes(note))");
  auto held = hold();
  auto innocent = note("one");
  // A reference that leads nowhere and is looked at only at the commit.
  auto guilty = shards_.start(writer_.run([](SqliteConnection& db) {
    db.execute("PRAGMA defer_foreign_keys = ON; INSERT INTO owned VALUES ('nobody')");
    return true;
  }));
  settle();
  release_.set_value();

  EXPECT_TRUE(innocent.get());
  EXPECT_THROW(guilty.get(), StoreUnavailable);
  EXPECT_EQ(committed(), 1);
  EXPECT_TRUE(note("two").get());
  EXPECT_EQ(committed(), 2);
}

TEST_F(SqliteWriterTest, AFullDiskAnswersOnlyWhatIsStored) {
  connection_.execute("PRAGMA max_page_count = 10");
  auto held = hold();
  std::vector<std::future<bool>> running;
  running.push_back(note("small"));
  running.push_back(note(std::string(100'000, 'x')));
  running.push_back(note("after"));
  settle();
  release_.set_value();

  std::int64_t answered = 0;
  EXPECT_THROW(running[1].get(), StoreUnavailable);
  for (const std::size_t i : {0, 2}) {
    try {
      answered += running[i].get() ? 1 : 0;
    } catch (const StoreUnavailable&) {
    }
  }
  EXPECT_EQ(committed(), answered);
  EXPECT_TRUE(note("once more").get());
}

TEST_F(SqliteWriterTest, RefusesWhenTooMuchWaits) {
  auto held = hold();
  std::vector<std::future<bool>> accepted;
  for (const char* name : {"one", "two", "three", "four"}) accepted.push_back(note(name));
  auto refused = note("five");
  EXPECT_THROW(refused.get(), StoreUnavailable);
  release_.set_value();
  for (auto& one : accepted) EXPECT_TRUE(one.get());
  EXPECT_EQ(committed(), 4);
}

TEST_F(SqliteWriterTest, CloseFinishesWhatWasAcceptedAndRefusesTheRest) {
  auto held = hold();
  auto accepted = note("one");
  settle();
  release_.set_value();
  writer_.close();
  EXPECT_TRUE(accepted.get());
  EXPECT_EQ(committed(), 1);
  EXPECT_THROW(note("two").get(), StoreUnavailable);
}

}  // namespace

}  // namespace atrium::storage
