#include "cluster/adapter_wire.h"

#include <gtest/gtest.h>

namespace atrium::cluster {
namespace {

say::Event event(json::array array, socketio::Audience audience = {}, std::vector<Bytes> attachments = {}) {
  return {.audience = std::move(audience),
          .event = std::make_shared<const socketio::Outgoing>(
              socketio::Outgoing{.array = std::move(array), .attachments = std::move(attachments)})};
}

std::string encode(const NodeMessage& message) { return adapter::encode("/", message.from, adapter::parts_of(message)); }

std::optional<NodeMessage> there_and_back(NodeMessage message) {
  return adapter::message_of("/", receive(encode(message)).value());
}

template <class What>
const What& what(const std::optional<NodeMessage>& message) {
  return std::get<What>(message.value().what);
}

TEST(AdapterWire, SaysAnEventAsTheOfficialAdapterDoes) {
  EXPECT_EQ(json::parse(encode({.from = "1126bbbbccccdddd", .request = {}, .what = event({"x", 1})})),
            json::parse(R"({"type":3,"data":{"packet":{"type":2,"data":["x",1]},"opts":{"rooms":[],"except":[],"flags":{}}},
                            "uid":"1126bbbbccccdddd","nsp":"/"})"));
}

TEST(AdapterWire, AnEventComesBackWithEverythingInIt) {
  auto said = event({"news", {{"octets", {{"_placeholder", true}, {"num", 0}}}}}, {.rooms = {"red"}, .except = {"42"}},
                    {Bytes(std::string("\0\xff", 2))});
  said.may_drop = true;
  const auto octets = encode({.from = "node", .request = {}, .what = said});
  EXPECT_NE(octets.front(), '{') << "octets have no place in JSON";
  const auto read = what<say::Event>(there_and_back({.from = "node", .request = {}, .what = said}));
  EXPECT_EQ(read.audience.rooms, said.audience.rooms);
  EXPECT_EQ(read.audience.except, said.audience.except);
  EXPECT_EQ(read.event->array, said.event->array);
  EXPECT_EQ(read.event->attachments, said.event->attachments);
  EXPECT_TRUE(read.may_drop);
}

TEST(AdapterWire, OursSayThePlaceOfAnEventAmongItsFlags) {
  auto said = event({"x"});
  said.place = socketio::Offset{2, 37};
  const auto data = adapter::parts_of(NodeMessage{.from = "node", .request = {}, .what = said}).data;
  EXPECT_EQ(data.at("opts").at("flags"), (json::object{{"place", "2.11"}}));
  EXPECT_EQ(what<say::Event>(there_and_back({.from = "node", .request = {}, .what = said})).place, said.place);
  EXPECT_EQ(what<say::Event>(there_and_back({.from = "node", .request = {}, .what = event({"x"})})).place, std::nullopt);
  said.place = socketio::Offset{say::kBusOrigin, 1};
  EXPECT_EQ(what<say::Event>(there_and_back({.from = "node", .request = {}, .what = said})).place, std::nullopt)
      << "that one the bus alone gives";
}

TEST(AdapterWire, OrdersAndQuestionsComeBack) {
  const socketio::Audience who{.rooms = {"red"}, .except = {"blue"}};
  const auto join = there_and_back({.from = "node", .request = {}, .what = say::JoinRooms{who, {"a", "b"}}});
  EXPECT_EQ(what<say::JoinRooms>(join).who.except, who.except);
  EXPECT_EQ(what<say::JoinRooms>(join).rooms, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(join->from, "node");
  EXPECT_EQ(what<say::LeaveRooms>(there_and_back({"n", "", say::LeaveRooms{who, {"a"}}})).rooms, std::vector<std::string>{"a"});
  EXPECT_TRUE(what<say::Disconnect>(there_and_back({"n", "", say::Disconnect{who, true}})).close);
  const auto fetch = there_and_back({"n", "q", say::FetchSockets{who}});
  EXPECT_EQ(what<say::FetchSockets>(fetch).who.rooms, who.rooms);
  EXPECT_EQ(fetch->request, "q");
  EXPECT_EQ(what<say::ServerEvent>(there_and_back({"n", "", say::ServerEvent{{"told", 1}}})).event, (json::array{"told", 1}));
  auto question = event({"ready?"}, who);
  question.timeout = std::chrono::milliseconds(700);
  EXPECT_EQ(what<say::Event>(there_and_back({"n", "q", question})).timeout, question.timeout);
}

TEST(AdapterWire, AsksForSocketsAsTheOfficialAdapterDoesAndBesideThatForLess) {
  const socketio::Audience red{.rooms = {"red"}, .except = {}};
  const auto less = socketio::Detail::without_handshake;
  const auto data = [](auto asked) { return json::serialize(adapter::parts_of(NodeMessage{"n", "q", std::move(asked)}).data); };
  const std::string all = R"({"opts":{"rooms":["red"],"except":[],"flags":{}})";
  EXPECT_EQ(data(say::FetchSockets{red}), all + R"(,"requestId":"q"})");
  EXPECT_EQ(data(say::FetchSockets{red, less}), all + R"(,"atrium":"without_handshake","requestId":"q"})");
  EXPECT_EQ(data(say::CountSockets{red}), all + R"(,"atrium":"count","requestId":"q"})");
  EXPECT_EQ(what<say::FetchSockets>(there_and_back({"n", "q", say::FetchSockets{red, less}})).detail, less);
  EXPECT_EQ(what<say::CountSockets>(there_and_back({"n", "q", say::CountSockets{red}})).who.rooms, red.rooms);
}

TEST(AdapterWire, AnswersComeBack) {
  const auto back = [](auto given) {
    return adapter::answer_of(
        receive(adapter::encode("/", "node", adapter::parts_of(NodeAnswer{"q", std::move(given)}))).value());
  };
  EXPECT_EQ(std::get<answer::Asked>(back(answer::Asked{3})->what).clients, 3u);
  const auto acknowledged = back(answer::Acknowledgement{{{"octets", {{"_placeholder", true}, {"num", 0}}}}, {Bytes("x")}});
  EXPECT_EQ(std::get<answer::Acknowledgement>(acknowledged->what).attachments, std::vector{Bytes("x")});
  EXPECT_EQ(std::get<answer::ServerAnswer>(back(answer::ServerAnswer{5})->what).argument, json::value(5));
  socketio::SocketInfo info;
  info.id = "s";
  info.rooms = {"s", "red"};
  EXPECT_EQ(std::get<answer::Sockets>(back(answer::Sockets{{info}})->what).sockets.at(0).rooms, info.rooms);
  EXPECT_EQ(std::get<answer::SocketCount>(back(answer::SocketCount{7})->what).sockets, 7u);
}

TEST(AdapterWire, WhatIsNoneIsIgnored) {
  for (const auto* text :
       {"{}", R"({"type":3,"data":{},"uid":"n","nsp":"/"})", R"({"type":9,"data":{"packet":[]},"uid":"n","nsp":"/"})",
        R"({"type":1,"uid":"n","nsp":"/"})", R"({"type":"x","data":7,"uid":"n","nsp":"/"})"}) {
    EXPECT_FALSE(adapter::message_of("/", receive(text).value())) << text;
    EXPECT_FALSE(adapter::answer_of(receive(text).value())) << text;
  }
  EXPECT_FALSE(adapter::message_of("/chat", receive(encode({"n", "", event({"x"})})).value())) << "of another namespace";
  EXPECT_FALSE(receive("\xc1"));
  EXPECT_FALSE(receive("{"));
}

}  // namespace
}  // namespace atrium::cluster
