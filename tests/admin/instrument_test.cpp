// What an Instrument refuses, and what it costs. What it tells is in tests/e2e/admin_ui.test.mjs.
#include "admin/instrument.h"

#include <gmock/gmock.h>

#include <future>
#include <mutex>

#include "admin/password_checker.h"
#include "base/random_id.h"
#include "tests/support/socket_io_server.h"

namespace atrium::admin {
namespace {

using socketio::Namespace;
using test::SocketIoClient;
using test::SocketIoServer;
using ::testing::HasSubstr;

class InstrumentTest : public ::testing::Test {
 protected:
  std::string complaint(Options options) {
    try {
      Instrument(server.io, traffic, std::move(options));
      return "none";
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
  }

  ~InstrumentTest() override { server.stop(); }
  void instrument(Options options) { instrument_ = std::make_unique<Instrument>(server.io, traffic, std::move(options)); }

  Traffic traffic;
  SocketIoServer server{{.shards = 2, .traffic = &traffic}};

 private:
  std::unique_ptr<Instrument> instrument_;  ///< goes before the server
};

TEST_F(InstrumentTest, IsNotOpenByOversight) { EXPECT_THAT(complaint({}), HasSubstr("auth is not set")); }

TEST_F(InstrumentTest, TakesNoPasswordForAHash) {
  EXPECT_THAT(complaint({.auth = BasicAuth{"admin", "changeit"}}), HasSubstr("bcrypt"));
}

TEST_F(InstrumentTest, WantsToKnowWhoMayComeIn) {
  EXPECT_THAT(complaint({.auth = BasicAuth{"", "$2b$04$abcdefghijklmnopqrstuuN5Lb1R8xXkS0tWqUQGd5uI7sQ2sY1qK"}}),
              HasSubstr("username"));
}

TEST_F(InstrumentTest, WantsACheckThatCanBeCalled) {
  EXPECT_THAT(complaint({.auth = PasswordCheck()}), HasSubstr("auth is not set"));
}

TEST_F(InstrumentTest, WantsTheTrafficOfItsServer) {
  Traffic other;
  EXPECT_THROW(Instrument(server.io, other, {.auth = NoAuth{}}), std::invalid_argument);
  EXPECT_EQ(complaint({.auth = NoAuth{}}), "none");
}

/// Whether somebody hears of each event of the namespace, and of each that is sent.
bool is_watched(const Namespace& nsp) {
  const auto& handlers = nsp.core()->handlers;
  EXPECT_EQ(handlers.any.empty(), handlers.any_outgoing.empty());
  EXPECT_EQ(handlers.any.empty(), nsp.core()->outgoing_watchers == 0);
  return !handlers.any.empty();
}

TEST_F(InstrumentTest, LooksAtNoEventInProduction) {
  Namespace& before = server.io.of("/before");
  instrument({.auth = NoAuth{}, .mode = Mode::production});
  Namespace& after = server.io.of("/after");
  EXPECT_FALSE(is_watched(before));
  EXPECT_FALSE(is_watched(after));
  EXPECT_TRUE(before.core()->handlers.disconnect.empty());
}

TEST_F(InstrumentTest, LooksAtEventsOfAllNamespacesButItsOwnInDevelopment) {
  Namespace& before = server.io.of("/before");
  instrument({.namespace_name = "/mine", .auth = NoAuth{}});
  Namespace& after = server.io.of("/after");
  EXPECT_TRUE(is_watched(server.io.sockets()));
  EXPECT_TRUE(is_watched(before));
  EXPECT_TRUE(is_watched(after));
  EXPECT_FALSE(is_watched(server.io.of("/mine")));
}

/// The shard that the session of `client` lives on.
std::size_t shard_of(SocketIoClient& client) {
  return *first_octet_of(boost::json::parse(client.open_packet().substr(1)).at("sid").as_string());
}

TEST_F(InstrumentTest, ListsNoSocketThatHasGoneWhileAnotherShardWasStillAsked) {
  instrument({.auth = NoAuth{}});
  server.start();
  auto page = server.connect();
  auto user = std::make_unique<SocketIoClient>(server.tcp());
  std::vector<std::unique_ptr<SocketIoClient>> elsewhere;
  while (shard_of(*user) != shard_of(page)) {
    elsewhere.push_back(std::exchange(user, std::make_unique<SocketIoClient>(server.tcp())));
  }
  const std::string id = user->join();  // whichever namespace is asked first, the user is there
  user->send("0/admin,");
  while (!user->next().starts_with("2/admin,[\"all_sockets\"")) {
  }
  std::promise<void> go_on;
  server.io.shards()[1 - shard_of(page)].post([&] { go_on.get_future().wait(); });
  page.send("0/admin,");
  std::string told;
  while (!told.starts_with("2/admin,[\"config\"")) told = page.next();
  user->websocket().text("1");
  while (told.find("socket_disconnected") == std::string::npos || told.find(id) == std::string::npos) told = page.next();
  go_on.set_value();
  while (!told.starts_with("2/admin,[\"all_sockets\"")) told = page.next();
  EXPECT_THAT(told, ::testing::Not(HasSubstr(id)));
  const auto listed = boost::json::parse(told.substr(told.find('['))).at(1).as_array();
  EXPECT_EQ(listed.size(), 1u) << "the page itself";
}

TEST_F(InstrumentTest, AsksAFunctionWhoMayComeIn) {
  instrument({.auth = [](const std::string& username,
                         const std::string& password) { return username == "eve" && password == "apple"; },
              .mode = Mode::production});
  server.start();
  auto stranger = server.connect();
  EXPECT_EQ(stranger.ask(R"(0/admin,{"username":"eve","password":"pear"})"), R"(4/admin,{"message":"invalid credentials"})");
  auto client = server.connect();
  EXPECT_THAT(client.ask(R"(0/admin,{"username":"eve","password":"apple"})"),
              ::testing::MatchesRegex(R"re(2/admin,\["session","[0-9a-f]{16}"\])re"));
  EXPECT_THAT(client.next(), HasSubstr(R"(0/admin,{"sid")"));
  EXPECT_EQ(client.next(), R"(2/admin,["config",{"supportedFeatures":["EMIT","JOIN","LEAVE","DISCONNECT","MJOIN","MLEAVE",)"
                           R"("MDISCONNECT","AGGREGATED_EVENTS"]}])");
}

TEST_F(InstrumentTest, RefusesMoreThanAFewAtOnce) {
  std::promise<void> begun;
  std::promise<void> may_end;
  std::once_flag first;
  instrument({.auth = [&](const std::string&, const std::string&) {
    std::call_once(first, [&] {
      begun.set_value();
      may_end.get_future().wait();
    });
    return true;
  }});
  server.start();
  std::vector<std::future<void>> visits;
  const auto visit = [&] {
    visits.push_back(std::async(std::launch::async, [this] {
      auto client = server.connect();
      server.events.push(client.ask(R"(0/admin,{"username":"a","password":"b"})"));
    }));
  };
  visit();
  begun.get_future().wait();
  for (std::size_t i = 0; i < PasswordChecker::kMaxWaiting + 1; ++i) visit();
  EXPECT_EQ(server.events.next(), R"(4/admin,{"message":"too many people sign in; try again in a moment"})");
  may_end.set_value();
  for (std::size_t i = 0; i < PasswordChecker::kMaxWaiting + 1; ++i) EXPECT_THAT(server.events.next(), HasSubstr("session"));
}

TEST_F(InstrumentTest, RefusesWhatIsNoNameAndNoPasswordUnseen) {
  bool asked = false;
  instrument({.auth = [&](const std::string&, const std::string&) { return asked = true; }});
  server.start();
  const std::string refusal = R"(4/admin,{"message":"invalid credentials"})";
  for (const std::string& auth : {std::string(), std::string(R"({"username":"a"})"), std::string(R"({"password":"a"})"),
                                  std::string(R"({"username":["a"],"password":{"b":1}})"),
                                  R"({"username":"a","password":")" + std::string(5000, 'x') + R"("})",
                                  std::string(R"({"sessionId":"0123456789abcdef"})"), std::string(R"({"sessionId":null})")}) {
    auto client = server.connect();
    EXPECT_EQ(client.ask("0/admin," + auth), refusal) << auth.substr(0, 100);
  }
  EXPECT_FALSE(asked);
}

}  // namespace
}  // namespace atrium::admin
