#include "chat/presence/watchers.h"

#include <gmock/gmock.h>

#include "tests/chat/presence/people.h"

namespace atrium::chat {
namespace {

using storage::UserId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WatchersTest : public ::testing::Test {
 protected:
  static PresenceFeed::Change change(const std::string& user) { return {UserId(user), {.who = person(user)}}; }
  static std::vector<UserId> users(const std::vector<std::string>& ids) { return {ids.begin(), ids.end()}; }
  /// "w1: -bob +alice" for each that hears something.
  std::vector<std::string> told(const PresenceFeed::Diff& diff) {
    std::vector<std::string> all;
    for (const auto& [socket, portion] : watchers.portions_of(diff)) {
      std::string line = socket.id + ":";
      for (const auto& each : portion.offline) line += " -" + each.user.value;
      for (const auto& each : portion.online) line += " +" + each.user.value;
      for (const auto& each : portion.updated) line += " ~" + each.user.value;
      all.push_back(line + " " + std::to_string(portion.from) + "->" + std::to_string(portion.wver));
    }
    return all;
  }

  Watchers watchers;
};

TEST_F(WatchersTest, HearOfThoseTheyWatchOnly) {
  watchers.watch("w1"_socket, users({"alice", "bob"}), 4);
  watchers.watch("w2"_socket, users({"bob", "carol", "carol"}), 4);
  watchers.watch("w3"_socket, users({"dave"}), 4);
  PresenceFeed::Diff diff{.from = 4, .wver = 5, .offline = {change("bob")}, .online = {change("alice")}, .updated = {}};
  diff.updated = {change("carol"), change("eve")};
  EXPECT_THAT(told(diff), ElementsAre("w1: -bob +alice 4->5", "w2: -bob ~carol 4->5"));
}

TEST_F(WatchersTest, ContinueFromWhatTheyHeardLast) {
  watchers.watch("w1"_socket, users({"alice"}), 1);
  watchers.watch("w2"_socket, users({"bob"}), 1);
  EXPECT_THAT(told({.from = 1, .wver = 2, .offline = {}, .online = {change("alice")}, .updated = {}}),
              ElementsAre("w1: +alice 1->2"));
  EXPECT_THAT(told({.from = 2, .wver = 3, .offline = {}, .online = {change("bob")}, .updated = {change("alice")}}),
              ElementsAre("w1: ~alice 2->3", "w2: +bob 1->3"));
  watchers.catch_up(7);
  EXPECT_THAT(told({.from = 7, .wver = 8, .offline = {change("bob")}, .online = {}, .updated = {}}),
              ElementsAre("w2: -bob 7->8"));
}

TEST_F(WatchersTest, ReplaceWhomTheyWatch) {
  watchers.watch("w1"_socket, users({"alice", "bob"}), 1);
  watchers.watch("w1"_socket, users({"carol"}), 1);
  EXPECT_THAT(told({.from = 1, .wver = 2, .offline = {change("alice"), change("carol")}, .online = {}, .updated = {}}),
              ElementsAre("w1: -carol 1->2"));
}

TEST_F(WatchersTest, EndWithAnEmptyListOrWithTheirSocket) {
  watchers.watch("w1"_socket, users({"alice"}), 1);
  watchers.watch("w2"_socket, users({"alice"}), 1);
  watchers.watch("w1"_socket, {}, 1);
  watchers.forget("w2"_socket);
  watchers.forget("w3"_socket);
  EXPECT_THAT(told({.from = 1, .wver = 2, .offline = {change("alice")}, .online = {}, .updated = {}}), IsEmpty());
  EXPECT_EQ(watchers.size(), 0u);
}

}  // namespace
}  // namespace atrium::chat
