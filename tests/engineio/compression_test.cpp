// permessage-deflate (RFC 7692) and the compression of polling answers, over real sockets.
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/deflating_client.h"
#include "tests/support/engine_server.h"

namespace atrium::engineio {
namespace {

using test::DeflatingClient;
using test::EngineServer;
using test::repetitive_text;
using test::zlib_inflate;
using websocket::Opcode;

const std::string kAccepted = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

Options deflating() {
  Options options;
  options.per_message_deflate.emplace();
  return options;
}

DeflatingClient open(EngineServer& server, std::string_view offer = "permessage-deflate; client_max_window_bits") {
  DeflatingClient client(server.connect(), EngineServer::kWebSocket, offer);
  EXPECT_TRUE(client.read().message.starts_with("0{"));
  server.events.next();
  return client;
}

/// The code of the close frame that comes next.
int close_code(DeflatingClient& client) {
  const auto frame = client.read();
  EXPECT_EQ(frame.opcode, Opcode::close);
  return static_cast<unsigned char>(frame.message.at(0)) << 8 | static_cast<unsigned char>(frame.message.at(1));
}

TEST(PerMessageDeflate, IsOffByDefault) {
  EngineServer server;
  auto client = open(server);
  EXPECT_EQ(client.answer(), "");
  server.send(repetitive_text(5000));
  EXPECT_FALSE(client.read().deflated);
  client.deflated_text("4hello");
  EXPECT_EQ(close_code(client), 1002);
}

TEST(PerMessageDeflate, IsAgreedOnWhenTheClientOffersIt) {
  EngineServer server(deflating());
  EXPECT_EQ(open(server).answer(), kAccepted);
  EXPECT_EQ(open(server, "").answer(), "");
  EXPECT_EQ(open(server, "permessage-deflate; server_max_window_bits=9").answer(), "") << "declined, but a WebSocket";
  EXPECT_EQ(
      open(server, "permessage-deflate; server_max_window_bits=9\r\nSec-WebSocket-Extensions: permessage-deflate").answer(),
      kAccepted)
      << "two lines are one header";
}

TEST(PerMessageDeflate, RefusesAMalformedOffer) {
  EngineServer server(deflating());
  const std::string malformed = "Sec-WebSocket-Extensions: permessage-deflate; =\r\n";
  auto client = server.connect();
  client.send(DeflatingClient::request(EngineServer::kWebSocket, malformed));
  EXPECT_EQ(client.read_head().status, 400);
  auto polling = server.connect();
  const std::string sid = server.open_polling(polling);
  auto second = server.connect();
  second.send(DeflatingClient::request(EngineServer::websocket(sid), malformed));
  EXPECT_EQ(second.read_head().status, 400);
  EngineServer indifferent;
  auto third = indifferent.connect();
  third.send(DeflatingClient::request(EngineServer::kWebSocket, malformed));
  EXPECT_EQ(third.read_head().status, 101) << "who does not compress does not read it";
}

TEST(PerMessageDeflate, CompressesWhatReachesTheThreshold) {
  EngineServer server(deflating());
  auto client = open(server);
  const std::string below = repetitive_text(1022);
  const std::string at = repetitive_text(1023);
  server.send(below);
  server.send(at);
  const auto plain = client.read();
  EXPECT_FALSE(plain.deflated);
  EXPECT_EQ(plain.message, "4" + below);
  const auto deflated = client.read();
  EXPECT_TRUE(deflated.deflated);
  EXPECT_EQ(deflated.message, "4" + at);
  EXPECT_LT(deflated.wire.size(), at.size() / 2);
}

TEST(PerMessageDeflate, LeavesAMessageAloneThatIsNotToBeCompressed) {
  EngineServer server(deflating());
  auto client = open(server);
  server.on_session([](Session& session) {
    session.send(SharedMessage::message(repetitive_text(5000), {Bytes(repetitive_text(5000))}, Compress::no));
    session.send(SharedMessage::binary(Bytes(repetitive_text(5000)), Compress::no));
  });
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(client.read().deflated);
}

TEST(PerMessageDeflate, SendsEachPacketInTheFormThatIsShorter) {
  EngineServer server(deflating());
  auto client = open(server);
  const std::string text = repetitive_text(5000);
  const std::string noise = test::noise(5000);
  server.on_session([&](Session& session) {
    session.send(SharedMessage::message(text, {Bytes("few"), Bytes(noise), Bytes(text)}));
  });
  const auto expect = [&](Opcode opcode, bool deflated, const std::string& message) {
    const auto frame = client.read();
    EXPECT_EQ(frame.opcode, opcode);
    EXPECT_EQ(frame.deflated, deflated);
    EXPECT_EQ(frame.message, message);
  };
  expect(Opcode::text, true, "4" + text);
  expect(Opcode::binary, false, "few");
  expect(Opcode::binary, false, noise);
  expect(Opcode::binary, true, text);
}

TEST(PerMessageDeflate, ReadsWhatTheClientCompresses) {
  EngineServer server(deflating());
  auto client = open(server);
  const std::string text = repetitive_text(50'000);
  client.deflated_text("4" + text);
  client.deflated_text("4short");
  client.deflated_binary(text);
  client.tcp().send(test::client_frame(Opcode::text, "4plain"));
  EXPECT_EQ(server.events.next(), "text " + text);
  EXPECT_EQ(server.events.next(), "text short");
  EXPECT_EQ(server.events.next(), "binary " + text);
  EXPECT_EQ(server.events.next(), "text plain");
}

TEST(PerMessageDeflate, EndsABombWithTooBig) {
  EngineServer server(deflating());
  auto client = open(server);
  client.deflated_text("4" + std::string(999'999, 'x'));
  EXPECT_EQ(server.events.next().size(), 5u + 999'999u) << "as long as allowed";
  client.deflated_text("4" + std::string(50'000'000, 'x'));
  EXPECT_EQ(close_code(client), 1009);
  EXPECT_EQ(server.events.next(), "close transport error");
}

TEST(PerMessageDeflate, EndsWhatItCannotInflateWithInvalidPayload) {
  EngineServer server(deflating());
  auto client = open(server);
  client.raw(Opcode::text, "\xff\xff\xff");
  EXPECT_EQ(close_code(client), 1007);
}

TEST(PerMessageDeflate, RefusesACompressedControlFrame) {
  EngineServer server(deflating());
  auto client = open(server);
  client.raw(Opcode::ping, "");
  EXPECT_EQ(close_code(client), 1002);
}

TEST(PerMessageDeflate, WorksAfterAnUpgrade) {
  EngineServer server(deflating());
  auto polling = server.connect();
  const std::string sid = server.open_polling(polling);
  server.events.next();
  DeflatingClient client(server.connect(), EngineServer::websocket(sid));
  EXPECT_EQ(client.answer(), kAccepted);
  client.deflated_text("2probe");
  EXPECT_EQ(client.read().message, "3probe");
  const std::string text = repetitive_text(5000);
  server.send(text);  // waits in the polling transport, and moves
  client.deflated_text("5");
  const auto frame = client.read();
  EXPECT_TRUE(frame.deflated);
  EXPECT_EQ(frame.message, "4" + text);
}

TEST(PerMessageDeflate, SendsOneCompressedFrameToAllReceiversOnAllShards) {
  constexpr unsigned kShards = 2;
  constexpr int kReceivers = 12;
  EngineServer server(deflating(), kShards);
  std::vector<DeflatingClient> clients;
  std::vector<engineio::Session*> sessions;
  std::vector<std::size_t> homes;
  for (int i = 0; i < kReceivers; ++i) {
    clients.emplace_back(server.connect(), EngineServer::kWebSocket);
    clients.back().read();
    homes.push_back(static_cast<std::size_t>(server.events.next().back() - '0'));
    sessions.push_back(server.shards().on(homes.back(), [&] { return &server.latest(homes.back()); }));
  }
  const std::string text = repetitive_text(20'000);
  const auto message = SharedMessage::message(text);
  for (int i = 0; i < kReceivers; ++i) server.shards().on(homes[i], [&, i] { sessions[i]->send(message); });
  // The frame that was made for them, whoever was the first: a second compression would be another object.
  const auto frame = message->deflated_frames({});
  EXPECT_EQ(message->deflated_frames({.threshold = 1, .effort = {.level = 0}}).view().data(), frame.view().data());
  for (auto& client : clients) {
    const auto received = client.read();
    EXPECT_EQ(received.wire, frame.view());
    EXPECT_EQ(received.message, "4" + text);
  }
}

TEST(PerMessageDeflate, ThrowsAtAnEffortThatThereIsNot) {
  Options options = deflating();
  options.per_message_deflate->effort.level = 11;
  EXPECT_THROW(EngineServer server(options), std::invalid_argument);
}

/// What a polling GET with `headers` got when `messages` waited for it.
test::HttpAnswer polled(Options options, const std::string& headers, const std::vector<SharedMessagePtr>& messages) {
  EngineServer server(std::move(options));
  auto client = server.connect();
  const std::string sid = server.open_polling(client);
  server.on_session([&](Session& session) {
    for (const auto& message : messages) session.send(message);
  });
  auto answer = client.get(EngineServer::polling(sid), headers);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain; charset=UTF-8");
  EXPECT_FALSE(answer.headers.contains("vary")) << "nothing that is not stored varies";
  if (!answer.headers.contains("content-encoding")) answer.headers["content-encoding"] = "none";
  return answer;
}

TEST(HttpCompression, CompressesAPollAsItAccepts) {
  const std::string text = repetitive_text(5000);
  const auto message = SharedMessage::message(text);
  const auto gzip = polled({}, "Accept-Encoding: gzip, deflate, br\r\n", {message});
  EXPECT_EQ(gzip.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(zlib_inflate(gzip.body, 15 + 16), "4" + text);
  EXPECT_LT(gzip.body.size(), text.size() / 3);
  const auto deflate = polled({}, "Accept-Encoding: gzip;q=0.5, deflate\r\n", {message});
  EXPECT_EQ(deflate.headers.at("content-encoding"), "deflate");
  EXPECT_EQ(zlib_inflate(deflate.body, 15), "4" + text);
  for (const std::string headers : {"", "Accept-Encoding: br\r\n", "Accept-Encoding: identity;q=0\r\n"}) {
    const auto plain = polled({}, headers, {message});
    EXPECT_EQ(plain.headers.at("content-encoding"), "none") << headers;
    EXPECT_EQ(plain.body, "4" + text) << headers;
  }
}

TEST(HttpCompression, CompressesWhatReachesTheThresholdTogether) {
  const std::string gzip = "Accept-Encoding: gzip\r\n";
  const auto half = SharedMessage::message(repetitive_text(510));
  EXPECT_EQ(polled({}, gzip, {half}).headers.at("content-encoding"), "none");
  const auto both = polled({}, gzip, {half, half});  // 2 * 511 and a separator: one octet too few
  EXPECT_EQ(both.headers.at("content-encoding"), "none");
  EXPECT_EQ(both.body.size(), 1023u);
  EXPECT_EQ(polled({}, gzip, {half, SharedMessage::message(repetitive_text(511))}).headers.at("content-encoding"), "gzip");
  Options eager;
  eager.http_compression->threshold = 10;
  EXPECT_EQ(polled(eager, gzip, {half}).headers.at("content-encoding"), "gzip");
}

TEST(HttpCompression, LeavesMessagesAloneThatAreNotToBeCompressed) {
  const std::string gzip = "Accept-Encoding: gzip\r\n";
  const auto plain = SharedMessage::message(repetitive_text(5000), {}, Compress::no);
  EXPECT_EQ(polled({}, gzip, {plain, plain}).headers.at("content-encoding"), "none");
  EXPECT_EQ(polled({}, gzip, {plain, SharedMessage::message("x")}).headers.at("content-encoding"), "gzip")
      << "unless another one that may be goes with them";
}

TEST(HttpCompression, MayBeTurnedOff) {
  Options options;
  options.http_compression.reset();
  const auto answer = polled(options, "Accept-Encoding: gzip\r\n", {SharedMessage::message(repetitive_text(5000))});
  EXPECT_EQ(answer.headers.at("content-encoding"), "none");
}

TEST(HttpCompression, LeavesTheAnswerToAPostAlone) {
  Options options;
  options.http_compression->threshold = 0;
  EngineServer server(options);
  auto client = server.connect();
  const std::string sid = server.open_polling(client);
  const auto answer = client.ask("POST", EngineServer::polling(sid), "Accept-Encoding: gzip\r\n", "4hello");
  EXPECT_FALSE(answer.headers.contains("content-encoding"));
  EXPECT_EQ(answer.body, "ok");
}

}  // namespace
}  // namespace atrium::engineio
