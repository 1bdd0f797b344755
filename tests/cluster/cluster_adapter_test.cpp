// Three nodes in one process, of which one never answers.
#include "cluster/cluster_adapter.h"

#include <gmock/gmock.h>

#include <future>

#include "tests/support/memory_bus.h"
#include "tests/support/socket_io_server.h"

namespace atrium::cluster {
namespace {

using namespace std::chrono_literals;
using socketio::AckAnswers;
using test::MemoryBus;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

using Manner = MemoryBus::Manner;
using RemoteSockets = std::vector<socketio::RemoteSocket>;

/// One server of the cluster with one client in "red".
class Node {
 public:
  Node(const std::shared_ptr<test::MemoryBus::Hub>& hub, const std::string& id, Manner manner = Manner::ours)
      : server_({.shards = 2, .adapter = [hub, id, manner](const auto& core, auto local) {
                   auto bus = std::make_shared<test::MemoryBus>(hub, core->shards[0], id, manner);
                   return ClusterAdapter::make(std::move(bus), core, std::move(local), {200ms, true});
                 }}) {
    io().on_connection([](socketio::Socket& socket) { socket.join("red"); });
    io().sockets().on_server_side("told", [id](const json::array& args, const std::function<void(json::value)>& answer) {
      if (answer) answer(json::string(id + ": " + std::string(args.front().as_string())));
    });
    server_.start();
    client_.emplace(server_.connect());
    id_ = client_->join();
  }

  socketio::Server& io() { return server_.io; }
  test::SocketIoClient& client() { return *client_; }
  const std::string& id() const { return id_; }
  void stop() { server_.stop(); }

  /// What `ask(callback)` is answered, asked by no shard.
  template <class T, class Ask>
  static T answer(Ask ask) {
    std::promise<T> promise;
    ask([&](T given) { promise.set_value(std::move(given)); });
    return promise.get_future().get();
  }

 private:
  test::SocketIoServer server_;
  std::optional<test::SocketIoClient> client_;
  std::string id_;
};

class ClusterAdapterTest : public testing::Test {
 protected:
  ~ClusterAdapterTest() override {
    for (Node* node : {&a, &b, &deaf}) node->stop();
  }

  static RemoteSockets fetch(Node& node, socketio::Detail detail) {
    return Node::answer<RemoteSockets>([&](auto done) { node.io().in("red").fetch_sockets(detail).then(std::move(done)); });
  }
  static std::size_t count(Node& node) {
    return Node::answer<std::size_t>([&](auto done) { node.io().in("red").count_sockets().then(std::move(done)); });
  }
  std::vector<std::string> ids(const RemoteSockets& sockets) {
    std::vector<std::string> found;
    for (const auto& socket : sockets) found.push_back(socket.id());
    return found;
  }

  const std::shared_ptr<test::MemoryBus::Hub> hub = std::make_shared<test::MemoryBus::Hub>();
  Node a{hub, "a"};
  Node b{hub, "b"};
  Node deaf{hub, "deaf", Manner::deaf};
};

TEST_F(ClusterAdapterTest, ReachesTheClientsOfOtherNodesAndItsOwnOnce) {
  for (int i = 0; i < 100; ++i) a.io().to("red").emit("news", i);
  for (Node* node : {&a, &b}) {
    for (int i = 0; i < 100; ++i) EXPECT_EQ(node->client().next(), "2[\"news\"," + std::to_string(i) + "]");
  }
}

TEST_F(ClusterAdapterTest, KeepsToItselfWhatIsLocal) {
  a.io().sockets().local().emit("news", "local");
  a.io().emit("news", "to all");
  EXPECT_EQ(a.client().next(), R"(2["news","local"])");
  EXPECT_EQ(a.client().next(), R"(2["news","to all"])");
  EXPECT_EQ(b.client().next(), R"(2["news","to all"])");
}

TEST_F(ClusterAdapterTest, ShowsTheSocketsOfThoseThatAnswer) {
  const auto sockets = fetch(a, socketio::Detail::with_handshake);
  EXPECT_THAT(ids(sockets), UnorderedElementsAre(a.id(), b.id()));
  for (const auto& socket : sockets) EXPECT_TRUE(socket.info().handshake);
  EXPECT_EQ(count(b), 2u);
}

TEST_F(ClusterAdapterTest, TellsNoMoreThanIsAskedFor) {
  for (const auto& socket : fetch(a, socketio::Detail::without_handshake)) EXPECT_FALSE(socket.info().handshake);
  EXPECT_EQ(count(a), 2u);
  const std::lock_guard lock(hub->mutex);
  ASSERT_EQ(hub->answers.size(), 2u);
  EXPECT_FALSE(std::get<answer::Sockets>(hub->answers[0].what).sockets.at(0).handshake);
  EXPECT_EQ(std::get<answer::SocketCount>(hub->answers[1].what).sockets, 1u);
}

TEST_F(ClusterAdapterTest, TakesNoMoreThanItAskedForFromANodeThatTellsEverything) {
  Node official(hub, "official", Manner::official);
  const auto sockets = fetch(a, socketio::Detail::without_handshake);
  EXPECT_THAT(ids(sockets), UnorderedElementsAre(a.id(), b.id(), official.id()));
  for (const auto& socket : sockets) EXPECT_FALSE(socket.info().handshake);
  EXPECT_EQ(count(a), 3u);
  official.stop();
}

TEST_F(ClusterAdapterTest, CollectsAcknowledgementsAndSaysThatSomebodyIsSilent) {
  const auto asked = std::async([&] {
    return Node::answer<AckAnswers>(
        [&](auto done) { a.io().in("red").timeout(300ms).emit_with_ack("ready?").then(std::move(done)); });
  });
  for (Node* node : {&a, &b}) {
    const std::string question = node->client().next();
    const std::string id = question.substr(1, question.find('[') - 1);
    node->client().send("3" + id + "[\"" + node->id() + "\"]");
  }
  const AckAnswers answers = const_cast<std::future<AckAnswers>&>(asked).get();
  EXPECT_EQ(answers.answers.size(), 2u);
  EXPECT_EQ(answers.asked, 2u);
  EXPECT_EQ(answers.silent_nodes, 1u);
  EXPECT_FALSE(answers.complete());
}

TEST_F(ClusterAdapterTest, MovesAndEndsSocketsOfOtherNodes) {
  a.io().in(b.id()).sockets_join("blue");
  a.io().to("blue").emit("news", "blue");
  EXPECT_EQ(b.client().next(), R"(2["news","blue"])");
  a.io().in("blue").sockets_leave("red");
  a.io().to("red").emit("news", "red");
  a.io().to("blue").emit("news", "still blue");
  EXPECT_EQ(b.client().next(), R"(2["news","still blue"])");
  a.io().in("blue").disconnect_sockets();
  EXPECT_EQ(b.client().next(), "1");
  EXPECT_EQ(a.client().next(), R"(2["news","red"])");
}

TEST_F(ClusterAdapterTest, AsksTheServersThatAnswer) {
  const auto answers = Node::answer<std::vector<json::value>>(
      [&](auto done) { a.io().sockets().server_side_emit_with_ack("told", "hello").then(std::move(done)); });
  EXPECT_THAT(answers, ElementsAre(json::value("b: hello")));
}

}  // namespace
}  // namespace atrium::cluster
