// Sessions whose client does not keep up: Session::keeps_up(), SessionHandler::on_drain() and on_upgrade().
#include <gmock/gmock.h>

#include "engineio/engine.h"
#include "tests/support/engine_server.h"
#include "tests/support/http_server.h"

namespace atrium::engineio {
namespace {

using test::EngineServer;
using test::WebSocketClient;

/// A server whose sessions write down what happens to them, and are told to do something when they are drained.
class DrainTest : public ::testing::Test {
 protected:
  ~DrainTest() override { http.shards().stop(); }

  template <class Job>
  auto on_session(Job job) {
    return http.shards().on(0, [&] { return job(*session); });
  }
  void send(const std::string& text) {
    on_session([&](Session& to) { to.send(SharedMessage::message(text)); });
  }
  bool keeps_up() {
    return on_session([](Session& of) { return of.keeps_up(); });
  }
  std::string open_polling() {
    std::string sid = EngineServer::sid_of(http.connect().get(EngineServer::kPolling).body);
    EXPECT_EQ(events.next(), "open");
    return sid;
  }
  test::HttpAnswer poll(const std::string& sid) { return http.connect().get(EngineServer::polling(sid)); }
  WebSocketClient probe(const std::string& sid) {
    WebSocketClient client(http.connect(), EngineServer::websocket(sid));
    client.text("2probe");
    EXPECT_EQ(client.read_text(), "3probe");
    return client;
  }

  class Recorder final : public SessionHandler {
   public:
    explicit Recorder(DrainTest& test) : test_(test) {}
    void on_open(Session& session) override {
      test_.session = &session;
      test_.events.push("open");
    }
    void on_text(std::string_view) override {}
    void on_binary(std::string_view) override {}
    void on_drain() override {
      test_.events.push(test_.session->keeps_up() ? "drain" : "drain of one that does not keep up");
      if (test_.at_drain) test_.at_drain(*test_.session);
    }
    void on_upgrade() override { test_.events.push("upgrade"); }
    void on_close(CloseReason reason) override { test_.events.push("close " + std::string(to_string(reason))); }

   private:
    DrainTest& test_;
  };

  const std::string half{std::string(PollingTransport::kBehind / 2 + 1, 'x')};
  std::function<void(Session&)> at_drain;
  Session* session = nullptr;
  test::EventQueue events;
  std::unique_ptr<Engine> engine;
  test::FunctionHandler handler{[this](std::shared_ptr<http::Exchange> exchange) { engine->handle(std::move(exchange)); }};
  test::HttpServer http{handler};
  const bool made = [this] {
    engine = std::make_unique<Engine>(Options{.max_buffered = 64'000'000}, http.shards().set(),
                                      [this](net::Shard&) { return std::make_unique<Recorder>(*this); });
    http.shards().settle();
    return true;
  }();
};

TEST_F(DrainTest, ComesWhenTheNextGetTakesAllThatWaited) {
  const std::string sid = open_polling();
  send(half);
  EXPECT_TRUE(keeps_up());
  send(half);
  EXPECT_FALSE(keeps_up());
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(poll(sid).body.size(), 2 * (half.size() + 1) + 1);
  EXPECT_EQ(events.next(), "drain");
  EXPECT_TRUE(keeps_up());
  send("a");
  EXPECT_EQ(poll(sid).body, "4a");
  EXPECT_TRUE(events.empty()) << "a client that keeps up is not drained";
}

TEST_F(DrainTest, DoesNotComeForWhatAParkedGetTakesAtOnce) {
  const std::string sid = open_polling();
  auto client = http.connect();
  client.send("GET " + EngineServer::polling(sid) + " HTTP/1.1\r\nHost: a\r\n\r\n");
  while (!on_session([](Session& of) { return of.writable(); })) http.shards().settle();
  on_session([&](Session& to) {
    for (int i = 0; i < 4; ++i) to.send(SharedMessage::message(half));
    EXPECT_TRUE(to.keeps_up());
  });
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(events.empty());
}

TEST_F(DrainTest, MaySendMore) {
  at_drain = [](Session& to) { to.send(SharedMessage::message("more")); };
  const std::string sid = open_polling();
  send(half);
  send(half);
  EXPECT_EQ(poll(sid).status, 200);
  EXPECT_EQ(events.next(), "drain");
  EXPECT_EQ(poll(sid).body, "4more");
}

TEST_F(DrainTest, MayCloseTheSession) {
  at_drain = [](Session& to) { to.close(); };
  const std::string sid = open_polling();
  send(half);
  send(half);
  EXPECT_EQ(poll(sid).status, 200);
  EXPECT_EQ(events.next(), "drain");
  EXPECT_EQ(events.next(), "close forced close");
  EXPECT_EQ(poll(sid).body,
            "6\x1e"
            "1");
  EXPECT_EQ(http.shards().on(0, [&] { return engine->session_count(http.shards()[0]); }), 0u);
}

TEST_F(DrainTest, ComesWhenTheKernelHasTakenAllForAWebSocket) {
  WebSocketClient client(http.connect(4096), EngineServer::kWebSocket);
  EXPECT_EQ(events.next(), "open");
  client.read_text();
  const std::string text(100'000, 'x');
  int sent = 0;
  while (keeps_up()) {
    ASSERT_LT(++sent, 500);
    send(text);
    http.shards().settle();
  }
  EXPECT_TRUE(events.empty());
  EXPECT_GT(on_session([](Session& of) { return of.buffered(); }), 0u);
  for (int i = 0; i < sent; ++i) EXPECT_EQ(client.read_text().size(), text.size() + 1);
  EXPECT_EQ(events.next(), "drain");
  EXPECT_EQ(on_session([](Session& of) { return of.buffered(); }), 0u);
  send("a");
  EXPECT_EQ(client.read_text(), "4a");
  EXPECT_TRUE(events.empty());
}

TEST_F(DrainTest, ComesWithTheUpgradeThatTakesAllThatWaited) {
  const std::string sid = open_polling();
  auto client = probe(sid);
  send(half);
  send(half);
  EXPECT_FALSE(keeps_up());
  client.text("5");
  EXPECT_EQ(client.read_text().size(), half.size() + 1);
  EXPECT_EQ(events.next(), "upgrade");
  EXPECT_EQ(events.next(), "drain");
}

TEST_F(DrainTest, DoesNotComeWithAnUpgradeOfAClientThatKeepsUp) {
  const std::string sid = open_polling();
  auto client = probe(sid);
  EXPECT_TRUE(events.empty()) << "a probe is no upgrade yet";
  client.text("5");
  EXPECT_EQ(events.next(), "upgrade");
  send("a");
  EXPECT_EQ(client.read_text(), "4a");
  EXPECT_TRUE(events.empty());
}

}  // namespace
}  // namespace atrium::engineio
