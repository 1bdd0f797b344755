// The octets on the wire were taken from what @socket.io/redis-adapter 8.3.0 and @socket.io/redis-emitter 5.1.0 publish.
#include "cluster/classic_wire.h"

#include <gtest/gtest.h>

namespace atrium::cluster {
namespace {

const std::string kEvent =
    "\x93\xa6\"RaIoP\x83\xa4type\x02\xa4"
    "data\x92\xa1x\x01\xa3nsp\xa1/\x83\xa5rooms\x90\xa6"
    "except\x90\xa5"
    "flags\x80";

socketio::Outgoing outgoing(json::array array, std::vector<Bytes> attachments = {}) {
  return {.array = std::move(array), .attachments = std::move(attachments)};
}

say::Event event(json::array array, socketio::Audience audience = {}) {
  return {.audience = std::move(audience), .event = std::make_shared<const socketio::Outgoing>(outgoing(std::move(array)))};
}

template <class What>
const What& what(const std::optional<NodeMessage>& message) {
  return std::get<What>(message.value().what);
}

TEST(ClassicWire, WritesAnEventAsTheOfficialAdapterDoes) {
  EXPECT_EQ(classic::encode("/", {.from = "\"RaIoP", .request = {}, .what = event({"x", 1})}), kEvent);
}

TEST(ClassicWire, ReadsWhatTheOfficialAdapterWrites) {
  const auto message = classic::decode_event("/", kEvent);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->from, "\"RaIoP");
  EXPECT_EQ(message->request, "");
  EXPECT_EQ(what<say::Event>(message).event->array, (json::array{"x", 1}));
  EXPECT_FALSE(what<say::Event>(message).may_drop);
}

TEST(ClassicWire, AnEventComesBackWithEverythingInIt) {
  say::Event said = event({"news", {{"a", nullptr}}}, {.rooms = {"red"}, .except = {"blue", "42"}});
  said.event = std::make_shared<const socketio::Outgoing>(
      outgoing({"news", {{"octets", {{"_placeholder", true}, {"num", 0}}}}}, {Bytes(std::string("\0\xff", 2))}));
  said.may_drop = true;
  said.compress = false;
  const auto message = classic::decode_event("/chat", classic::encode("/chat", {.from = "id", .request = {}, .what = said}));
  ASSERT_TRUE(message);
  const auto& read = what<say::Event>(message);
  EXPECT_EQ(read.audience.rooms, std::vector<std::string>{"red"});
  EXPECT_EQ(read.audience.except, (std::vector<std::string>{"blue", "42"}));
  EXPECT_EQ(read.event->array, said.event->array);
  EXPECT_EQ(read.event->attachments, said.event->attachments);
  EXPECT_TRUE(read.may_drop);
  EXPECT_FALSE(read.compress);
}

TEST(ClassicWire, AnEventOfAnotherNamespaceIsNone) { EXPECT_FALSE(classic::decode_event("/chat", kEvent)); }

TEST(ClassicWire, OrdersAndQuestionsComeBack) {
  const socketio::Audience who{.rooms = {"red"}, .except = {"blue"}};
  const auto there_and_back = [](auto said, std::string request) {
    return classic::decode_request(
        classic::encode("/", {.from = "node", .request = std::move(request), .what = std::move(said)}));
  };
  EXPECT_EQ(what<say::JoinRooms>(there_and_back(say::JoinRooms{who, {"a", "b"}}, "")).rooms,
            (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(what<say::LeaveRooms>(there_and_back(say::LeaveRooms{who, {"a"}}, "")).who.except, who.except);
  EXPECT_TRUE(what<say::Disconnect>(there_and_back(say::Disconnect{who, true}, "")).close);
  EXPECT_FALSE(what<say::Disconnect>(there_and_back(say::Disconnect{who, false}, "")).close);
  const auto fetch = there_and_back(say::FetchSockets{who}, "q1");
  EXPECT_EQ(what<say::FetchSockets>(fetch).who.rooms, who.rooms);
  EXPECT_EQ(fetch->request, "q1");
  EXPECT_EQ(fetch->from, "node");
  EXPECT_EQ(what<say::ServerEvent>(there_and_back(say::ServerEvent{{"told", 1}}, "")).event, (json::array{"told", 1}));
  auto question = event({"ready?"}, who);
  question.timeout = std::chrono::milliseconds(700);
  const auto asked = there_and_back(question, "q2");
  EXPECT_EQ(what<say::Event>(asked).timeout, question.timeout);
  EXPECT_EQ(what<say::Event>(asked).event->array, (json::array{"ready?"}));
  EXPECT_EQ(asked->request, "q2");
}

TEST(ClassicWire, AsksForSocketsAsTheOfficialAdapterDoesAndBesideThatForLess) {
  const auto question = [](auto what) { return classic::encode("/", {.from = "id", .request = "q", .what = std::move(what)}); };
  const socketio::Audience red{.rooms = {"red"}, .except = {}};
  const auto less = socketio::Detail::without_handshake;
  const std::string all = R"({"uid":"id","requestId":"q","type":5,"opts":{"rooms":["red"],"except":[]})";
  EXPECT_EQ(question(say::FetchSockets{red}), all + "}");
  EXPECT_EQ(question(say::FetchSockets{red, less}), all + R"(,"atrium":"without_handshake"})");
  EXPECT_EQ(question(say::CountSockets{red}), all + R"(,"atrium":"count"})");
  EXPECT_EQ(what<say::FetchSockets>(classic::decode_request(question(say::FetchSockets{red, less}))).detail, less);
  EXPECT_EQ(what<say::CountSockets>(classic::decode_request(question(say::CountSockets{red}))).who.rooms, red.rooms);
  for (const auto* more : {"}", R"(,"atrium":"something new"})", R"(,"atrium":{}})"}) {
    EXPECT_EQ(what<say::FetchSockets>(classic::decode_request(all + more)).detail, socketio::Detail::with_handshake) << more;
  }
}

TEST(ClassicWire, ReadsOrdersOfTheEmitterAndOfOldNodes) {
  const auto join = classic::decode_request(R"({"type":2,"opts":{"rooms":["red",7],"except":[]},"rooms":["blue"]})");
  EXPECT_EQ(join->from, "");
  EXPECT_EQ(what<say::JoinRooms>(join).who.rooms, (std::vector<std::string>{"red", "7"}));
  const auto old = classic::decode_request(R"({"requestId":"r","type":3,"sid":"abc","room":"blue"})");
  EXPECT_EQ(what<say::LeaveRooms>(old).who.rooms, std::vector<std::string>{"abc"});
  EXPECT_EQ(what<say::LeaveRooms>(old).rooms, std::vector<std::string>{"blue"});
}

TEST(ClassicWire, AnswersComeBack) {
  const auto there_and_back = [](auto given) {
    return classic::decode_answer(classic::encode({.request = "q", .what = std::move(given)}));
  };
  EXPECT_EQ(std::get<answer::Asked>(there_and_back(answer::Asked{3})->what).clients, 3u);
  const auto acknowledged =
      there_and_back(answer::Acknowledgement{{{"octets", {{"_placeholder", true}, {"num", 0}}}}, {Bytes("x")}});
  EXPECT_EQ(std::get<answer::Acknowledgement>(acknowledged->what).attachments, std::vector{Bytes("x")});
  EXPECT_EQ(std::get<answer::ServerAnswer>(there_and_back(answer::ServerAnswer{5})->what).argument, json::value(5));
  EXPECT_EQ(std::get<answer::Rooms>(there_and_back(answer::Rooms{{"a"}})->what).rooms, std::vector<std::string>{"a"});
  EXPECT_EQ(std::get<answer::SocketIds>(there_and_back(answer::SocketIds{{"s"}})->what).ids, std::vector<std::string>{"s"});
  socketio::SocketInfo info;
  info.id = "s";
  info.rooms = {"s", "red"};
  info.data = {{"name", "Ann"}};
  const auto sockets = std::get<answer::Sockets>(there_and_back(answer::Sockets{{info}})->what).sockets;
  ASSERT_EQ(sockets.size(), 1u);
  EXPECT_EQ(sockets[0].rooms, info.rooms);
  EXPECT_EQ(sockets[0].data, info.data);
  EXPECT_FALSE(sockets[0].handshake);
  EXPECT_EQ(std::get<answer::SocketCount>(there_and_back(answer::SocketCount{7})->what).sockets, 7u);
}

TEST(ClassicWire, ASocketIsToldAsTheOfficialAdapterDoes) {
  http::Request request;
  request.target = "/socket.io/?EIO=4";
  request.headers = {{"host", "a"}};
  request.peer = "10.0.0.1";
  socketio::SocketInfo info;
  info.id = "s";
  info.handshake = engineio::Handshake(request, WallTime(std::chrono::milliseconds(1'700'000'000'123)));
  const std::string told = classic::encode({.request = "q", .what = answer::Sockets{{info}}});
  EXPECT_EQ(
      told,
      R"({"sockets":[{"id":"s","handshake":{"address":"10.0.0.1","headers":{"host":"a"},"query":{"EIO":"4"},)"
      R"JSON("issued":1700000000123,"secure":false,"time":"Tue Nov 14 2023 22:13:20 GMT+0000 (Coordinated Universal Time)",)JSON"
      R"("url":"/socket.io/?EIO=4","xdomain":false,"auth":{}},"rooms":[],"data":{}}],"requestId":"q"})");
  const auto sockets = std::get<answer::Sockets>(classic::decode_answer(told)->what).sockets;
  EXPECT_EQ(sockets.at(0).handshake.value().header("host"), "a");
}

TEST(ClassicWire, AnAcknowledgementIsWrittenAsTheOfficialAdapterDoes) {
  EXPECT_EQ(classic::encode({.request = "abcdef", .what = answer::Acknowledgement{"ack7", {}}}),
            "\x83\xa4type\x09\xa9requestId\xa6"
            "abcdef\xa6packet\xa4"
            "ack7");
}

TEST(ClassicWire, WhatIsNoneIsIgnored) {
  for (const std::string octets : {"", "{", "{}", "[]", "\xc1", R"({"type":99})", R"({"type":6,"data":[]})", R"({"type":"x"})",
                                   R"({"type":7,"packet":{"type":3,"data":["x"]}})"}) {
    EXPECT_FALSE(classic::decode_request(octets)) << octets;
    EXPECT_FALSE(classic::decode_event("/", octets)) << octets;
    EXPECT_FALSE(classic::decode_answer(octets)) << octets;
  }
}

}  // namespace
}  // namespace atrium::cluster
