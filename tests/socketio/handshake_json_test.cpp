#include "socketio/handshake_json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace atrium::socketio {
namespace {

namespace json = boost::json;

engineio::Handshake read(const char* text) { return handshake_of(json::parse(text).as_object()); }

TEST(HandshakeJson, ComesBackFromAnotherNode) {
  http::Request request;
  request.target = "/socket.io/?EIO=4&a=1&a=J%C3%BCrgen+M";
  request.peer = "10.0.0.1";
  request.headers = {{"host", "a"}, {"origin", "https://a.example"}, {"x-colon", "b: c"}, {"x-empty", ""}};
  request.secure = true;
  const json::object told = to_json(engineio::Handshake(request, WallTime(std::chrono::milliseconds(1'700'000'000'123))));
  EXPECT_EQ(to_json(handshake_of(told)), told);
}

TEST(HandshakeJson, WhatANodeLeavesOutIsEmpty) {
  for (const auto* text : {"{}", R"({"url":1,"address":null,"secure":"yes","headers":[],"issued":"now"})",
                           R"({"headers":{"set-cookie":["a","b"]},"issued":9e18})", R"({"issued":-5})"}) {
    const auto handshake = read(text);
    EXPECT_EQ(handshake.url(), "") << text;
    EXPECT_EQ(handshake.address(), "") << text;
    EXPECT_TRUE(handshake.headers().empty()) << text;
    EXPECT_EQ(handshake.time(), WallTime{}) << text;
    EXPECT_FALSE(handshake.secure()) << text;
  }
}

TEST(HandshakeJson, ALatestDateCanBePrinted) { EXPECT_NO_THROW(to_json(read(R"({"issued":8640000000000000})"))); }

TEST(HandshakeJson, AHeaderThatNoClientCouldHaveSentIsLeftOut) {
  const auto handshake = read(R"({"headers":{"a":"1\n","b\nc":"2","d:e":"3","f":"4"}})");
  ASSERT_EQ(handshake.headers().size(), 1u);
  EXPECT_EQ(handshake.header("f"), "4");
}

}  // namespace
}  // namespace atrium::socketio
