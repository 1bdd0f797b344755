// Three nodes in one process, by one clock.
#include "chat/nodes/peers.h"

#include <gmock/gmock.h>

#include <coroutine>

#include "cluster/cluster_adapter.h"
#include "socketio/local_adapter.h"
#include "tests/support/memory_bus.h"
#include "tests/support/running_shards.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Words = std::vector<std::string>;

/// Tasks wait here until it is opened. On one shard.
class Barrier {
 public:
  auto opened() {
    struct Opened {
      Barrier& barrier;
      bool await_ready() const { return barrier.open_; }
      void await_suspend(std::coroutine_handle<> waiter) const { barrier.waiting_.push_back(waiter); }
      void await_resume() const {}
    };
    return Opened{*this};
  }
  void open() {
    open_ = true;
    for (const auto waiter : std::exchange(waiting_, {})) waiter.resume();
  }

 private:
  bool open_ = false;
  std::vector<std::coroutine_handle<>> waiting_;
};

struct NodeOptions {
  bool deaf = false;   ///< it hears nothing, and answers nobody
  bool alone = false;  ///< no Redis is configured
};

/// One node of the chat, reduced to what it tells and hears. On the first shard.
class Node {
 public:
  Node(const std::shared_ptr<test::MemoryBus::Hub>& hub, net::ShardSet& shards, std::string called, NodeOptions options)
      : name(std::move(called)),
        config(configured(options)),
        bus(std::make_shared<test::MemoryBus>(hub, shards[0], name,
                                              options.deaf ? test::MemoryBus::Manner::deaf : test::MemoryBus::Manner::ours)),
        core(std::make_shared<socketio::NamespaceCore>("/chat", shards, socketio::PacketWriter(), socketio::SocketLimits())),
        nsp(connect(core, bus, shards)),
        peers(config, nsp, shards) {
    peers.hear<facts::Gone>([this](const NodeId& from, const facts::Gone& fact) { hear(from, fact.userId); });
    peers.hear<facts::EnteredChannel>(
        [this](const NodeId& from, const facts::EnteredChannel& fact) { hear(from, fact.userId + " in " + fact.channelId); });
    peers.hear<facts::Roster>([this](const NodeId& from, const facts::Roster& fact) {
      std::string told = "roster";
      for (const auto& here : fact.users) told += " " + here.userId;
      hear(from, std::move(told));
    });
    peers.hear<facts::Channel>(
        [this](const NodeId& from, const facts::Channel& fact) { hear(from, "channel " + fact.channelId); });
    peers.obey<facts::EndedSession>([this](facts::EndedSession fact) { return end(std::move(fact)); });
    peers.on_standing([this](const Peers::Wanted& wanted, Peers::Telling& telling) { return stand(wanted, telling); });
    peers.on_interest([]() -> Task<Words> { co_return Words{"general"}; });
    peers.on_beat([this] { return load; });
    peers.on_gone([this](const NodeId& node) { gone.push_back(node); });
    peers.on_missed([this] { ++missed; });
    peers.on_reach([this] { ++reached; });
  }

  /// As the others know it.
  NodeId id() const { return peers.nodes().front().id; }

  const std::string name;
  const Config config;
  const std::shared_ptr<test::MemoryBus> bus;
  const std::shared_ptr<socketio::NamespaceCore> core;
  socketio::Namespace nsp;
  Peers peers;

  facts::Load load;
  Words users;                                    ///< of its roster
  std::shared_ptr<Barrier> before_ending = {};    ///< what it is told to end waits there
  std::shared_ptr<Barrier> before_standing = {};  ///< what it says of how things stand waits there

  std::vector<std::pair<NodeId, std::string>> heard;  ///< who has said what
  std::vector<NodeId> gone;
  int missed = 0;
  int reached = 0;
  int asked = 0;  ///< how things stand here

 private:
  static Config configured(const NodeOptions& options) {
    Config config;
    if (!options.alone) config.redis = "redis://localhost";
    return config;
  }
  static std::shared_ptr<socketio::NamespaceCore> connect(const std::shared_ptr<socketio::NamespaceCore>& core,
                                                          const std::shared_ptr<test::MemoryBus>& bus, net::ShardSet& shards) {
    auto local = std::make_shared<socketio::LocalAdapter>(shards);
    core->adapter = cluster::ClusterAdapter::make(bus, core, std::move(local), {Peers::kPatience, false});
    return core;
  }

  void hear(const NodeId& from, std::string what) { heard.emplace_back(from, std::move(what)); }
  Task<void> end(facts::EndedSession fact) {
    if (fact.sessionId == "broken") throw std::runtime_error("the session cannot be ended");
    if (before_ending) co_await before_ending->opened();
    heard.emplace_back(NodeId(), "ended " + fact.sessionId);
  }
  Task<void> stand(Peers::Wanted wanted, Peers::Telling& telling) {
    ++asked;
    if (before_standing) co_await before_standing->opened();
    facts::Roster roster;
    for (const auto& user : users) roster.users.emplace_back().userId = user;
    if (wanted.roster) telling.add(roster);
    for (const auto& channel : wanted.channels) {
      facts::Channel standing;
      standing.channelId = channel.value;
      telling.add(standing);
    }
  }
};

class PeersTest : public ::testing::Test {
 protected:
  static constexpr Duration kLease = 10s;  ///< as it is by default

  explicit PeersTest(unsigned shard_count = 1) : shards(shard_count) {}
  ~PeersTest() override {
    // Whatever still waits for an answer gives up.
    if (shards.set().size() == 1) pass(Peers::kPatience);
    shards.stop();
  }

  Node& add(const std::string& name, NodeOptions options = {}) {
    shards.on(0, [&] { nodes.push_back(std::make_unique<Node>(hub, shards.set(), name, options)); });
    return *nodes.back();
  }
  /// The Redis is within reach of all of them, and all that follows from that is over.
  void start() {
    run([&] {
      for (auto& node : nodes) {
        if (!node->peers.alone()) node->peers.reach(true);
      }
    });
    for (auto& node : nodes) {
      node->heard.clear();
      node->missed = node->asked = node->reached = 0;
    }
  }

  /// On the first shard, with all that follows by itself.
  template <class Action>
  void run(Action action) {
    shards.on(0, [&] { action(); });
    settle();
  }
  void settle() {
    for (int turn = 0; turn < 20; ++turn) shards.settle();
  }
  /// Time passes as it does for a program that runs all the while.
  void pass(Duration time) {
    for (; time > Duration::zero(); time -= std::min<Duration>(time, kLease / 10)) {
      shards.advance(std::min<Duration>(time, kLease / 10));
      settle();
    }
  }

  void tell(Node& node, const std::string& user) {
    run([&] { node.peers.tell(facts::Gone{user}); });
  }
  void tell_in_vain(Node& node, const std::string& user) {
    node.bus->mute(true);
    tell(node, user);
    node.bus->mute(false);
  }
  void end_session(Node& node, const std::string& session) {
    run([&] { node.peers.tell(facts::EndedSession{session}); });
  }
  /// Says whether it has ended by now.
  using Ended = std::shared_ptr<bool>;
  Ended settle(Node& node) {
    return begin([&] { return node.peers.settle(); });
  }
  template <class Start>
  Ended begin(Start start) {
    auto ended = std::make_shared<bool>(false);
    run([&] { spawn(mark(start(), ended)); });
    return ended;
  }

  std::string name_of(const NodeId& id) const {
    for (const auto& node : nodes) {
      if (node->id() == id) return node->name;
    }
    return "";
  }
  /// Since this was asked last, such as "a: alice".
  Words heard_by(Node& node) {
    Words words;
    for (const auto& [from, what] : std::exchange(node.heard, {})) {
      words.push_back(from.value.empty() ? what : name_of(from) + ": " + what);
    }
    return words;
  }
  /// The same, but only what `from` has said.
  Words heard_by(Node& node, const Node& from) {
    Words words;
    for (auto& what : heard_by(node)) {
      if (what.starts_with(from.name + ": ")) words.push_back(std::move(what));
    }
    return words;
  }
  Words gone_for(const Node& node) const {
    Words names;
    for (const NodeId& id : node.gone) names.push_back(name_of(id));
    return names;
  }

  const std::shared_ptr<test::MemoryBus::Hub> hub = std::make_shared<test::MemoryBus::Hub>();
  test::RunningShards shards;
  std::vector<std::unique_ptr<Node>> nodes;

 private:
  static Task<void> mark(Task<void> task, Ended ended) {
    co_await task;
    *ended = true;
  }
};

class ThreePeersTest : public PeersTest {
 protected:
  ThreePeersTest() { start(); }

  Node& a = add("a");
  Node& b = add("b");
  Node& c = add("c");
};

/// The third counts, and never answers.
class DeafPeerTest : public PeersTest {
 protected:
  DeafPeerTest() {
    start();
    pass(Peers::kPatience);
    for (Node* node : {&a, &b}) heard_by(*node);
  }

  Node& a = add("a");
  Node& b = add("b");
  Node& deaf = add("deaf", {.deaf = true});
};

// --- telling and hearing

TEST_F(ThreePeersTest, HearsOnceAndInOrderWhatAnotherTells) {
  run([&] {
    for (const char* user : {"alice", "bob"}) a.peers.tell(facts::Gone{user});
    a.peers.tell(facts::EnteredChannel{.channelId = "general", .userId = "carol"});
  });
  tell(a, "dave");
  for (Node* other : {&b, &c}) {
    EXPECT_THAT(heard_by(*other), ElementsAre("a: alice", "a: bob", "a: carol in general", "a: dave")) << other->name;
  }
  EXPECT_THAT(heard_by(a), IsEmpty()) << "it knows";
  pass(kLease);
  EXPECT_THAT(heard_by(b), IsEmpty());
}

TEST_F(ThreePeersTest, HearsEachOfTheOthers) {
  tell(a, "alice");
  tell(b, "bob");
  tell(a, "carol");
  EXPECT_THAT(heard_by(c), ElementsAre("a: alice", "b: bob", "a: carol"));
  EXPECT_THAT(heard_by(a), ElementsAre("b: bob"));
}

TEST_F(ThreePeersTest, PassesOverWhatItDoesNotUnderstand) {
  run([&] {
    a.peers.tell(facts::Deactivated{"alice"});
    a.peers.tell(facts::Gone{"bob"});
  });
  EXPECT_THAT(heard_by(b), ElementsAre("a: bob")) << "a newer node may say more";
  for (const json::value& nonsense : {json::value(), json::value(1), json::value(json::object{{"from", "a"}})}) {
    for (const char* event : {"atrium:facts", "atrium:beat", "atrium:goodbye", "atrium:standing", "atrium:settled"}) {
      run([&] { a.nsp.server_side_emit(event, nonsense); });
    }
  }
  tell(a, "carol");
  EXPECT_THAT(heard_by(b), ElementsAre("a: carol"));
  EXPECT_EQ(b.missed, 0);
}

// --- waiting until others have acted

TEST_F(ThreePeersTest, SettlesWhenTheOthersHaveHeard) {
  const auto ended = begin([&] {
    a.peers.tell(facts::Gone{"alice"});
    return a.peers.settle();
  });
  EXPECT_TRUE(*ended) << "no time has to pass";
  for (Node* other : {&b, &c}) EXPECT_THAT(heard_by(*other), ElementsAre("a: alice"));
}

TEST_F(ThreePeersTest, SettlesWhenTheOthersHaveActed) {
  const auto barrier = std::make_shared<Barrier>();
  b.before_ending = barrier;
  end_session(a, "s1");
  const auto ended = settle(a);
  EXPECT_THAT(heard_by(c), ElementsAre("ended s1"));
  EXPECT_FALSE(*ended);
  pass(Peers::kPatience - 1ms);
  EXPECT_FALSE(*ended);
  run([&] { barrier->open(); });
  EXPECT_TRUE(*ended);
  EXPECT_THAT(heard_by(b), ElementsAre("ended s1"));
}

TEST_F(ThreePeersTest, SettlesAfterHalfASecondThoughOneStillActs) {
  const auto barrier = std::make_shared<Barrier>();
  b.before_ending = barrier;
  end_session(a, "s1");
  const auto ended = settle(a);
  pass(500ms - 1ms);
  EXPECT_FALSE(*ended);
  pass(1ms);
  EXPECT_TRUE(*ended);
  run([&] { barrier->open(); });
}

TEST_F(ThreePeersTest, SettlesThoughWhatWasToldCannotBeCarriedOut) {
  end_session(a, "broken");
  EXPECT_TRUE(*settle(a));
}

TEST_F(ThreePeersTest, SettlesThoughNothingWasTold) { EXPECT_TRUE(*settle(a)); }

TEST_F(DeafPeerTest, SettlesAfterHalfASecondWhenOneNeverAnswers) {
  end_session(a, "s1");
  const auto ended = settle(a);
  EXPECT_THAT(heard_by(b), ElementsAre("ended s1"));
  pass(500ms - 1ms);
  EXPECT_FALSE(*ended);
  pass(1ms);
  EXPECT_TRUE(*ended);
}

TEST_F(ThreePeersTest, SettlesAfterHalfASecondWhenWhatWasToldIsLost) {
  tell_in_vain(a, "alice");
  const auto ended = settle(a);
  pass(500ms - 1ms);
  EXPECT_FALSE(*ended);
  pass(1ms);
  EXPECT_TRUE(*ended);
}

// What waits for how things stand has not been acted on.
TEST_F(ThreePeersTest, SettlesWhenThoseHaveActedWhoHaveMissedSomethingBefore) {
  const auto barrier = std::make_shared<Barrier>();
  a.before_standing = barrier;
  tell_in_vain(a, "alice");
  tell(a, "bob");
  end_session(a, "s1");
  const auto ended = settle(a);
  EXPECT_THAT(heard_by(b), IsEmpty());
  EXPECT_FALSE(*ended);
  run([&] { barrier->open(); });
  EXPECT_TRUE(*ended);
  EXPECT_THAT(heard_by(b), Contains("ended s1"));
}

// --- gaps

TEST_F(ThreePeersTest, AsksHowThingsStandWhenItHasMissedSomething) {
  a.users = {"carol", "dave"};
  tell(a, "alice");
  tell_in_vain(a, "bob");
  EXPECT_EQ(b.missed, 0);
  tell(a, "carol");
  for (Node* other : {&b, &c}) {
    EXPECT_THAT(heard_by(*other, a), ElementsAre("a: alice", "a: carol", "a: roster carol dave", "a: channel general"))
        << other->name;
    EXPECT_EQ(other->missed, 1) << other->name;
  }
  EXPECT_EQ(a.asked, 2) << "once by each";
  EXPECT_EQ(a.missed, 0);
  tell(a, "dave");
  EXPECT_THAT(heard_by(b), ElementsAre("a: dave")) << "and goes on";
}

TEST_F(ThreePeersTest, ActsOnWhatIsToldMeanwhileAfterHowThingsStand) {
  const auto barrier = std::make_shared<Barrier>();
  a.before_standing = barrier;
  tell_in_vain(a, "alice");
  tell(a, "bob");
  tell(a, "carol");
  EXPECT_THAT(heard_by(b, a), IsEmpty());
  tell(c, "eve");
  EXPECT_THAT(heard_by(b), ElementsAre("c: eve")) << "the others are heard meanwhile";
  run([&] { barrier->open(); });
  EXPECT_THAT(heard_by(b, a), ElementsAre("a: bob", "a: roster", "a: channel general", "a: carol"));
  EXPECT_EQ(b.missed, 1);
}

TEST_F(ThreePeersTest, MissesByASignOfLifeWhatNothingFollows) {
  a.users = {"bob"};
  tell_in_vain(a, "alice");
  EXPECT_EQ(b.missed, 0);
  pass(kLease * 3 / 10);
  EXPECT_EQ(b.missed, 1);
  EXPECT_THAT(heard_by(b, a), ElementsAre("a: roster bob", "a: channel general"));
  pass(kLease);
  EXPECT_EQ(b.missed, 1) << "all is told again";
  EXPECT_THAT(heard_by(b), IsEmpty());
}

TEST_F(ThreePeersTest, AsksAgainWhenItIsNotAnswered) {
  const auto barrier = std::make_shared<Barrier>();
  a.before_standing = barrier;
  tell_in_vain(a, "alice");
  tell(a, "bob");
  pass(Peers::kPatience);
  EXPECT_THAT(heard_by(b, a), IsEmpty());
  run([&] { barrier->open(); });
  EXPECT_THAT(heard_by(b, a), IsEmpty()) << "that comes too late";
  pass(kLease * 3 / 10);
  EXPECT_THAT(heard_by(b, a), ElementsAre("a: bob", "a: roster", "a: channel general"));
  EXPECT_EQ(b.missed, 1) << "it is the same that was missed";
}

// --- how a channel stands

TEST_F(ThreePeersTest, HearsHowAChannelStandsBeforeTheAskingEnds) {
  const auto barrier = std::make_shared<Barrier>();
  b.before_standing = barrier;
  const auto ended = begin([&] { return a.peers.ask_about(storage::ChannelId("random")); });
  EXPECT_FALSE(*ended);
  run([&] { barrier->open(); });
  EXPECT_TRUE(*ended);
  EXPECT_THAT(heard_by(a), UnorderedElementsAre("b: channel random", "c: channel random")) << "and nothing else";
}

TEST_F(DeafPeerTest, LeavesOutAfterHalfASecondWhoDoesNotSayHowAChannelStands) {
  const auto ended = begin([&] { return a.peers.ask_about(storage::ChannelId("random")); });
  pass(500ms - 1ms);
  EXPECT_FALSE(*ended);
  pass(1ms);
  EXPECT_TRUE(*ended);
  EXPECT_THAT(heard_by(a), ElementsAre("b: channel random"));
}

// --- who lives

TEST_F(ThreePeersTest, KeepsWhoIsSilentButAlive) {
  pass(10 * kLease);
  for (Node* node : {&a, &b, &c}) EXPECT_THAT(gone_for(*node), IsEmpty());
}

TEST_F(ThreePeersTest, TakesForDeadOnceWhoIsNotHeardForTheLease) {
  tell(c, "alice");
  c.bus->mute(true);
  pass(kLease - 1s);
  for (Node* node : {&a, &b}) EXPECT_THAT(gone_for(*node), IsEmpty());
  pass(kLease / 10 + 1s);
  for (Node* node : {&a, &b}) EXPECT_THAT(gone_for(*node), ElementsAre("c"));
  pass(3 * kLease);
  for (Node* node : {&a, &b}) EXPECT_THAT(gone_for(*node), ElementsAre("c"));
  EXPECT_THAT(gone_for(c), IsEmpty()) << "it hears the others";
}

TEST_F(ThreePeersTest, HearsAllOfANodeThatComesBack) {
  tell(c, "alice");
  c.bus->mute(true);
  tell(c, "bob");
  pass(2 * kLease);
  ASSERT_THAT(gone_for(a), ElementsAre("c"));
  heard_by(a);
  c.users = {"carol", "dave"};
  c.bus->mute(false);
  pass(kLease * 3 / 10);
  EXPECT_THAT(heard_by(a, c), ElementsAre("c: roster carol dave", "c: channel general"));
  tell(c, "eve");
  EXPECT_THAT(heard_by(a), ElementsAre("c: eve"));
  pass(kLease);
  EXPECT_THAT(gone_for(a), ElementsAre("c")) << "and has not gone again";
  c.bus->mute(true);
  pass(2 * kLease);
  EXPECT_THAT(gone_for(a), ElementsAre("c", "c")) << "but may";
}

TEST_F(ThreePeersTest, TakesNobodyForDeadAfterASleepOfItsOwn) {
  c.bus->mute(true);
  shards.advance(10 * kLease);
  settle();
  EXPECT_THAT(gone_for(a), IsEmpty()) << "it could not hear anybody";
  pass(kLease - 1s);
  EXPECT_THAT(gone_for(a), IsEmpty());
  pass(2s);
  EXPECT_THAT(gone_for(a), ElementsAre("c"));
}

TEST_F(ThreePeersTest, GivesWhoHasSaidGoodbyeTwiceTheLease) {
  run([&] { c.peers.say_goodbye(); });
  c.bus->mute(true);
  pass(2 * kLease - 1s);
  for (Node* node : {&a, &b}) EXPECT_THAT(gone_for(*node), IsEmpty());
  pass(kLease / 10 + 1s);
  for (Node* node : {&a, &b}) EXPECT_THAT(gone_for(*node), ElementsAre("c"));
}

TEST_F(ThreePeersTest, ListsThoseThatLiveWithWhatTheySayOfThemselves) {
  b.load = {.name = "b:1", .uptime = 60, .users = 2, .sockets = 3, .cores = 0.5};
  pass(kLease * 3 / 10);
  b.load.users = 7;  // that is said with the next
  c.bus->mute(true);
  pass(2s);
  auto listed = a.peers.nodes();
  ASSERT_EQ(listed.size(), 3u);
  EXPECT_EQ(listed.front().heard_ago, std::nullopt) << "this one first";
  for (const auto& node : listed) {
    if (node.id != b.id()) continue;
    EXPECT_EQ(node.heard_ago, Duration(2s));
    EXPECT_EQ(to_json(node.load), to_json(facts::Load{"b:1", 60, 2, 3, 0.5}));
  }
  pass(2 * kLease);
  listed = a.peers.nodes();
  ASSERT_EQ(listed.size(), 2u) << "without the dead";
  EXPECT_EQ(listed.back().id, b.id());
  EXPECT_EQ(listed.back().load.users, 7u);
}

TEST_F(ThreePeersTest, HasOneThatLeads) {
  const auto leaders = [&] {
    Words names;
    for (auto& node : nodes) {
      if (node->peers.leads()) names.push_back(node->name);
    }
    return names;
  };
  ASSERT_EQ(leaders().size(), 1u);
  const std::string first = leaders().front();
  for (auto& node : nodes) {
    if (node->name == first) node->bus->mute(true);
  }
  pass(2 * kLease);
  Words living = leaders();
  std::erase(living, first);
  EXPECT_EQ(living.size(), 1u) << "another one, when that is dead";
}

// --- without the Redis

TEST_F(ThreePeersTest, TakesNobodyForDeadWhileTheRedisIsAway) {
  EXPECT_FALSE(a.peers.degraded());
  run([&] { a.peers.reach(false); });
  EXPECT_TRUE(a.peers.degraded());
  for (Node* other : {&b, &c}) other->bus->mute(true);
  pass(10 * kLease);
  EXPECT_THAT(gone_for(a), IsEmpty());
  b.bus->mute(false);
  run([&] { a.peers.reach(true); });
  EXPECT_FALSE(a.peers.degraded());
  pass(kLease - 1s);
  EXPECT_THAT(gone_for(a), IsEmpty()) << "everybody has time to be heard again";
  pass(2s);
  EXPECT_THAT(gone_for(a), ElementsAre("c"));
}

TEST_F(ThreePeersTest, TellsNothingWhileTheRedisIsAwayAndHowThingsStandAfterIt) {
  c.users = {"bob"};
  run([&] { c.peers.reach(false); });
  tell(c, "alice");
  pass(kLease / 2);
  EXPECT_THAT(heard_by(a, c), IsEmpty());
  EXPECT_TRUE(*settle(c)) << "nobody is waited for";
  run([&] { c.peers.reach(true); });
  EXPECT_THAT(heard_by(a, c), ElementsAre("c: roster bob", "c: channel general"));
  tell(c, "bob");
  EXPECT_THAT(heard_by(a), ElementsAre("c: bob"));
}

TEST_F(ThreePeersTest, AsksHowThingsStandWhenTheRedisIsBack) {
  a.users = {"alice"};
  run([&] { c.peers.reach(false); });
  EXPECT_EQ(c.missed, 0);
  run([&] { c.peers.reach(true); });
  EXPECT_EQ(c.missed, 1) << "something may have been lost";
  EXPECT_THAT(heard_by(c), UnorderedElementsAre("a: roster alice", "a: channel general", "b: roster", "b: channel general"));
  tell(a, "bob");
  EXPECT_THAT(heard_by(c), ElementsAre("a: bob"));
}

TEST_F(ThreePeersTest, SaysOnceWhenTheRedisComesAndGoes) {
  run([&] { a.peers.reach(true); });
  EXPECT_EQ(a.reached, 0);
  run([&] { a.peers.reach(false); });
  run([&] { a.peers.reach(false); });
  EXPECT_EQ(a.reached, 1);
  run([&] { a.peers.reach(true); });
  EXPECT_EQ(a.reached, 2);
}

// --- alone

TEST_F(PeersTest, TellsNothingWhenItIsAlone) {
  Node& alone = add("alone", {.alone = true});
  Node& other = add("other");
  start();
  EXPECT_TRUE(alone.peers.alone());
  EXPECT_FALSE(other.peers.alone());
  EXPECT_FALSE(alone.peers.degraded());
  tell(alone, "alice");
  EXPECT_TRUE(*settle(alone));
  EXPECT_TRUE(*begin([&] { return alone.peers.ask_about(storage::ChannelId("random")); }));
  run([&] { alone.peers.say_goodbye(); });
  pass(3 * kLease);
  EXPECT_THAT(heard_by(other), IsEmpty());
  EXPECT_THAT(other.gone, IsEmpty()) << "it was never heard";
  EXPECT_EQ(other.missed, 0);
  EXPECT_TRUE(other.peers.leads());
  EXPECT_TRUE(alone.peers.leads());
  EXPECT_EQ(alone.peers.nodes().size(), 1u);
  EXPECT_EQ(other.peers.nodes().size(), 1u);
}

TEST_F(PeersTest, HasNobodyToWaitForWhenItIsTheFirst) {
  Node& first = add("first");
  start();
  tell(first, "alice");
  EXPECT_TRUE(*settle(first));
  EXPECT_TRUE(*begin([&] { return first.peers.ask_about(storage::ChannelId("random")); }));
  EXPECT_TRUE(first.peers.leads());
  EXPECT_FALSE(first.peers.degraded());
}

TEST_F(PeersTest, LearnsHowThingsStandWhenItComesLater) {
  Node& old = add("old");
  start();
  old.users = {"alice"};
  tell(old, "bob");
  Node& fresh = add("fresh");
  run([&] { fresh.peers.reach(true); });
  EXPECT_THAT(heard_by(fresh), ElementsAre("old: roster alice", "old: channel general"));
  tell(old, "carol");
  tell(fresh, "dave");
  EXPECT_THAT(heard_by(fresh), ElementsAre("old: carol"));
  EXPECT_THAT(heard_by(old, fresh), ElementsAre("fresh: dave"));
}

// --- several shards

class ManyShardsTest : public PeersTest {
 protected:
  ManyShardsTest() : PeersTest(2) { start(); }

  Node& a = add("a");
  Node& b = add("b");
};

TEST_F(ManyShardsTest, KeepsTheOrderOfWhatOneShardTells) {
  shards.on(1, [&] {
    for (int i = 0; i < 100; ++i) a.peers.tell(facts::Gone{std::to_string(i)});
  });
  settle();
  Words all;
  for (int i = 0; i < 100; ++i) all.push_back("a: " + std::to_string(i));
  EXPECT_EQ(heard_by(b), all);
}

TEST_F(ManyShardsTest, SettlesOnTheShardThatWaits) {
  static constexpr auto kWait = [](Peers& peers, net::Shard*& where) -> Task<void> {
    peers.tell(facts::Gone{"alice"});
    co_await peers.settle();
    where = net::Shard::current();
  };
  net::Shard* where = nullptr;
  shards.on(1, [&] { spawn(kWait(a.peers, where)); });
  settle();
  EXPECT_EQ(where, &shards[1]);
  EXPECT_THAT(heard_by(b), ElementsAre("a: alice"));
}

}  // namespace
}  // namespace atrium::chat
