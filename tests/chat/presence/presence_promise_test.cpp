// What presence promises, whatever happens in whatever order: it shows exactly those who are connected or in their grace and do
// not hide, and every client, whenever it came, comes to see the same.
#include <gmock/gmock.h>

#include <random>

#include "chat/presence/presence_feed.h"
#include "chat/presence/watchers.h"
#include "tests/chat/presence/people.h"
#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using storage::UserId;
using View = std::map<std::string, Status>;

constexpr int kUsers = 6;
constexpr Duration kAway = 20s;

/// The rules in their plainest words.
struct Naive {
  struct User {
    std::map<SocketRef, TimePoint> devices;
    std::optional<TimePoint> grace;
    TimePoint last_active{};  ///< of the device that went last
    std::optional<PresenceTracker::Choice> choice;
  };
  std::map<std::string, User> users;

  Status status(const std::string& id, TimePoint now) const {
    const auto found = users.find(id);
    if (found == users.end()) return Status::offline;
    const User& user = found->second;
    if (user.devices.empty() && !(user.grace && *user.grace > now)) return Status::offline;
    if (user.choice && !(user.choice->until && *user.choice->until <= now)) return user.choice->status;
    TimePoint active = user.devices.empty() ? user.last_active : TimePoint::min();
    for (const auto& [socket, at] : user.devices) active = std::max(active, at);
    return active + kAway > now ? Status::online : Status::away;
  }
  View view(TimePoint now) const {
    View view;
    for (const auto& [id, user] : users) {
      if (const Status shown = shown_to_others(status(id, now)); shown != Status::offline) view[id] = shown;
    }
    return view;
  }
};

/// A client with "presence.v2": a snapshot, then the differences that continue it.
struct NewClient {
  View view;
  std::uint64_t wver = 0;

  void begin(const PresenceFeed& feed) {
    view.clear();
    for (const auto& [user, shown] : feed.told()) view[user.value] = shown.status;
    wver = feed.wver();
  }
  void hear(const PresenceFeed::Diff& diff) {
    ASSERT_EQ(diff.from, wver) << "nothing is missing, and nothing comes twice";
    wver = diff.wver;
    for (const auto& gone : diff.offline) ASSERT_EQ(view.erase(gone.user.value), 1u);
    for (const auto& come : diff.online) ASSERT_TRUE(view.emplace(come.user.value, come.shown.status).second);
    for (const auto& changed : diff.updated) {
      ASSERT_TRUE(view.contains(changed.user.value));
      ASSERT_NE(std::exchange(view[changed.user.value], changed.shown.status), changed.shown.status);
    }
  }
};

/// A client of the original application: those online are replayed, then it hears single events.
struct OldClient {
  std::set<std::string> online;

  void begin(const PresenceFeed& feed) {
    for (const auto& [user, shown] : feed.told()) online.insert(user.value);
  }
  void hear(const PresenceFeed::Flush& flush) {
    for (const auto& gone : flush.legacy_offline) ASSERT_EQ(online.erase(gone.user.value), 1u);
    for (const auto& come : flush.legacy_online) ASSERT_TRUE(online.insert(come.user.value).second) << "no event twice";
  }
};

class World {
 public:
  World(unsigned seed, PresenceFeed::Options options) : random_(seed), full_max_(options.full_max), feed_(options) {}

  void step() {
    const std::string id = "u" + std::to_string(random_() % kUsers);
    const SocketRef socket{id + "-" + std::to_string(random_() % 3), random_() % 2};
    const TimePoint now = clock_.now();
    Naive::User& user = naive_.users[id];
    switch (random_() % 8) {
      case 0:
      case 1:
        if (user.devices.emplace(socket, now).second) user.grace.reset();
        tracker_.arrive(person(id), {.socket = socket, .v2 = true, .active = now});
        break;
      case 2:
      case 3: {
        const TimePoint until = now + std::chrono::seconds(random_() % 3 * 5);
        if (const auto device = user.devices.find(socket); device != user.devices.end()) {
          user.last_active = device->second;
          user.devices.erase(device);
          if (user.devices.empty()) user.grace = until;
        }
        tracker_.lose(UserId(id), socket, now, until);
        break;
      }
      case 4:
        if (const auto device = user.devices.find(socket); device != user.devices.end()) device->second = now;
        tracker_.active(UserId(id), socket, now);
        break;
      case 5: {
        user.choice.reset();
        if (random_() % 2 == 0) {
          user.choice.emplace();
          user.choice->status = random_() % 2 == 0 ? Status::dnd : Status::invisible;
          if (random_() % 2 == 0) user.choice->until = now + std::chrono::seconds(1 + random_() % 10);
        }
        tracker_.choose(UserId(id), user.choice, now);
        break;
      }
      case 6:
        clock_.advance(std::chrono::milliseconds(random_() % 9'000));
        break;
      default:
        clients_.emplace_back();
        clients_.back().first.begin(feed_);
        if (feed_.mode() == PresenceFeed::Mode::full) {
          clients_.back().second.emplace().begin(feed_);
        }
    }
    settle(id);
    check();
  }

  /// Nothing happens any more but time: every window closes.
  void rest() {
    while (feed_.due()) {
      clock_.advance(std::max(Duration::zero(), *feed_.due() - clock_.now()));
      settle("u0");
    }
    check();
    const View live = naive_.view(clock_.now());
    for (const auto& [client, old] : clients_) {
      ASSERT_EQ(client.view, live);
      if (!old) continue;
      for (const auto& id : old->online) ASSERT_TRUE(live.contains(id)) << "nobody is taken for online who is not";
      if (feed_.mode() == PresenceFeed::Mode::full) {
        ASSERT_EQ(old->online.size(), live.size());
      }
    }
  }

 private:
  void settle(const std::string& touched) {
    const TimePoint now = clock_.now();
    auto due = tracker_.advance(now);
    for (const UserId& gone : due.gone) {
      tracker_.give_up(gone, now);
      due.changed.push_back(gone);
    }
    due.changed.emplace_back(touched);
    for (const UserId& user : due.changed) feed_.show(user, tracker_.shown(user, now), now);
    while (feed_.due() && *feed_.due() <= now) tell(feed_.flush(now));
  }

  void tell(const PresenceFeed::Flush& flush) {
    for (auto& [client, old] : clients_) {
      if (flush.diff) client.hear(*flush.diff);
      if (old) old->hear(flush);
      if (flush.full_again) old.emplace().begin(feed_);
    }
  }

  void check() {
    const TimePoint now = clock_.now();
    const View expected = naive_.view(now);
    View live;
    feed_.each_live(UserId(), [&](const UserId& user, const PresenceTracker::Shown& shown) {
      live[user.value] = shown.status;
      return true;
    });
    ASSERT_EQ(live, expected);
    ASSERT_EQ(feed_.live_count(), expected.size());
    for (const auto& [id, user] : naive_.users) ASSERT_EQ(tracker_.status(UserId(id), now), naive_.status(id, now)) << id;
    for (const auto& [client, old] : clients_) {
      NewClient fresh;
      fresh.begin(feed_);
      ASSERT_EQ(client.view, fresh.view) << "a client sees what a newcomer is shown, at every moment";
    }
    if (expected.size() > full_max_) {
      ASSERT_EQ(feed_.mode(), PresenceFeed::Mode::large);
    }
  }

  std::mt19937 random_;
  const std::size_t full_max_;
  test::ManualClock clock_;
  Naive naive_;
  PresenceTracker tracker_{kAway};
  PresenceFeed feed_;
  std::vector<std::pair<NewClient, std::optional<OldClient>>> clients_;
};

class PresencePromise : public ::testing::TestWithParam<PresenceFeed::Options> {};
INSTANTIATE_TEST_SUITE_P(Windows, PresencePromise,
                         ::testing::Values(PresenceFeed::Options{.full_max = 250, .window = std::nullopt},
                                           PresenceFeed::Options{.full_max = 250, .window = Duration::zero()},
                                           PresenceFeed::Options{.full_max = 3, .window = std::nullopt},
                                           PresenceFeed::Options{.full_max = 3, .window = Duration::zero()}));

TEST_P(PresencePromise, IsKeptAfterAnyHistory) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    World world(seed, GetParam());
    for (int step = 0; step < 250; ++step) {
      ASSERT_NO_FATAL_FAILURE(world.step()) << "seed " << seed << ", step " << step;
    }
    ASSERT_NO_FATAL_FAILURE(world.rest()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace atrium::chat
