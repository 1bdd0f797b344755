// A server whose clients speak socket.io-msgpack-parser: the same conversation, in binary messages alone.
#include <gmock/gmock.h>

#include "socketio/msgpack_packet.h"
#include "tests/support/handler_server.h"

namespace atrium::socketio {
namespace {

using namespace std::string_literals;
using test::HandlerServer;
using test::WebSocketClient;
using ::testing::MatchesRegex;

/// A client that writes and reads whole packets.
class MsgpackClient final {
 public:
  explicit MsgpackClient(HandlerServer& server)
      : websocket_((server.start(), server.server().tcp()), "/socket.io/?EIO=4&transport=websocket") {
    websocket_.read_text();
  }
  void send(const Packet& packet) { websocket_.binary(encode_msgpack(packet).view()); }
  Packet next() {
    const std::string octets = websocket_.read_binary();
    auto packet = decode_msgpack(octets);
    if (!packet) throw std::runtime_error("no packet: " + std::string(to_string(packet.error())));
    return std::move(*packet);
  }
  Packet ask(const Packet& packet) {
    send(packet);
    return next();
  }
  std::string join(const std::string& nsp = "/", json::object auth = {}) {
    const Packet answer = ask({.type = PacketType::connect, .nsp = nsp, .data = std::move(auth)});
    if (answer.type != PacketType::connect) throw std::runtime_error("not connected");
    return answer.data->at("sid").as_string().c_str();
  }
  WebSocketClient& websocket() { return websocket_; }

 private:
  WebSocketClient websocket_;
};

Packet event(json::array array, std::optional<std::uint64_t> id = {}, std::vector<Bytes> attachments = {}) {
  return {.type = PacketType::event, .nsp = "/", .id = id, .data = std::move(array), .attachments = std::move(attachments)};
}

class MsgpackServerTest : public ::testing::Test {
 protected:
  explicit MsgpackServerTest(ServerOptions options = {.shards = 2, .parser = Parser::msgpack}) : server(std::move(options)) {}
  HandlerServer server;
};

TEST_F(MsgpackServerTest, AnswersEvents) {
  server.nsp.on("sum", [](int a, int b) { return a + b; });
  MsgpackClient client(server);
  EXPECT_EQ(client.join().size(), 20u);
  const Packet answer = client.ask(event({"sum", 1, 2}, 7));
  EXPECT_EQ(answer.type, PacketType::ack);
  EXPECT_EQ(answer.id, 7u);
  EXPECT_EQ(json::serialize(*answer.data), "[3]");
}

TEST_F(MsgpackServerTest, CarriesOctetsInsideItsPackets) {
  server.nsp.on("mirror", [](const Bytes& octets) { return octets; });
  MsgpackClient client(server);
  client.join();
  const Packet answer =
      client.ask(event({"mirror", json::object{{"_placeholder", true}, {"num", 0}}}, 1, {Bytes("\x00\xff\x01"s)}));
  EXPECT_EQ(answer.type, PacketType::ack);
  ASSERT_EQ(answer.attachments.size(), 1u);
  EXPECT_EQ(answer.attachments[0].view(), "\x00\xff\x01"s);
}

TEST_F(MsgpackServerTest, ReachesEverybodyAndIsAnswered) {
  MsgpackClient first(server);
  MsgpackClient second(server);
  first.join();
  second.join();
  server.on_shard(1, [&] {
    server.nsp.timeout(std::chrono::hours(1)).emit_with_ack("question").then([&](const AckAnswers& answers) {
      server.events().push(std::to_string(answers.answers.size()));
    });
  });
  for (auto* client : {&first, &second}) {
    const Packet question = client->next();
    EXPECT_EQ(json::serialize(*question.data), R"(["question"])");
    client->send({.type = PacketType::ack, .nsp = "/", .id = question.id, .data = json::array{}});
  }
  EXPECT_EQ(server.events().next(), "2");
}

TEST_F(MsgpackServerTest, RefusesAndDisconnects) {
  server.io().of("/closed").use([](Socket&, const Next& next) { next(ConnectError{.message = "no"}); });
  MsgpackClient client(server);
  client.join();
  const Packet refusal = client.ask({.type = PacketType::connect, .nsp = "/closed", .data = json::object{}});
  EXPECT_EQ(refusal.type, PacketType::connect_error);
  EXPECT_EQ(json::serialize(*refusal.data), R"({"message":"no"})");
  server.nsp.disconnect_sockets();
  EXPECT_EQ(client.next().type, PacketType::disconnect);
}

TEST_F(MsgpackServerTest, EndsConnectionsThatSpeakOtherwise) {
  server.nsp.on_disconnect([&](Socket&, DisconnectReason reason) { server.events().push(std::string(to_string(reason))); });
  MsgpackClient text(server);
  text.join();
  text.websocket().text(R"(42["x"])");
  EXPECT_EQ(server.events().next(), "forced close");
  MsgpackClient nonsense(server);
  nonsense.join();
  nonsense.websocket().binary("nonsense");
  EXPECT_EQ(server.events().next(), "forced close");
}

class MsgpackWithRecovery : public MsgpackServerTest {
 protected:
  MsgpackWithRecovery()
      : MsgpackServerTest({.shards = 1, .parser = Parser::msgpack, .connection_state_recovery = RecoveryOptions{}}) {}
};

TEST_F(MsgpackWithRecovery, BringsClientsBackToo) {
  MsgpackClient client(server);
  const Packet connected = client.ask({.type = PacketType::connect, .nsp = "/", .data = json::object{}});
  server.nsp.emit("heard", Bytes("\x01"s));
  const Packet heard = client.next();
  const json::value offset = heard.data->as_array().back();
  EXPECT_THAT(std::string(offset.as_string()), MatchesRegex("[A-Za-z0-9_.-]+"));
  client.websocket().tcp().close();
  server.nsp.emit("missed", 1);
  MsgpackClient again(server);
  again.send(
      {.type = PacketType::connect, .nsp = "/", .data = json::object{{"pid", connected.data->at("pid")}, {"offset", offset}}});
  const Packet missed = again.next();
  EXPECT_EQ(missed.data->as_array().at(0), "missed");
  EXPECT_EQ(missed.data->as_array().at(1), 1);
  EXPECT_EQ(again.next().data->at("sid"), connected.data->at("sid"));
}

class MsgpackWithFewPlaces : public MsgpackServerTest {
 protected:
  MsgpackWithFewPlaces()
      : MsgpackServerTest({.shards = 1, .parser = Parser::msgpack, .limits = {.max_waiting_octets = 1000}}) {}
};

TEST_F(MsgpackWithFewPlaces, CountsForEachEventItsOwnOctets) {
  server.nsp.on("wait", [&](Socket&) -> Task<> { co_await server.pass("gate"); });
  server.nsp.on("small", [] { return "done"; });
  MsgpackClient client(server);
  client.join("/", {{"token", std::string(2000, 'x')}});
  client.send(event({"wait"}));
  EXPECT_EQ(server.events().next(), "at gate");
  client.send({.type = PacketType::ack, .nsp = "/", .id = 99, .data = json::array{std::string(2000, 'x')}});
  client.send(event({"small"}, 1));
  server.settle();
  server.open("gate");
  EXPECT_EQ(json::serialize(*client.next().data), R"(["done"])");
  server.stop();
}

}  // namespace
}  // namespace atrium::socketio
