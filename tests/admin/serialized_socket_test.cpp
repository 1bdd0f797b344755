#include "admin/serialized_socket.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "http/request.h"

namespace atrium::admin {
namespace {

namespace json = boost::json;

/// A socket whose client has sent these headers, at 2023-11-14 22:13:20.123 UTC.
socketio::SocketInfo socket_with(http::Headers headers, const std::string& target = "/socket.io/?EIO=4") {
  http::Request request;
  request.method = "GET";
  request.target = target;
  request.headers = std::move(headers);
  request.peer = "10.0.0.1";
  return {.id = "sid",
          .session = "abcdefghijklmnopqrst",
          .transport = "polling",
          .rooms = {"sid", "blue"},
          .data = {{"name", "Ann"}},
          .handshake = engineio::Handshake(request, WallTime(std::chrono::milliseconds(1'700'000'000'123)))};
}

json::value handshake_of(const socketio::SocketInfo& info) { return serialize(info, "/").at("handshake"); }

TEST(SerializedSocketTest, HasTheMembersOfTheProtocolInTheirOrder) {
  EXPECT_EQ(json::serialize(serialize(socket_with({{"host", "a"}}), "/chat")),
            R"({"id":"sid","clientId":"abcdefghijkl","transport":"polling","nsp":"/chat","data":{"name":"Ann"},)"
            R"("handshake":{"address":"10.0.0.1","headers":{"host":"a"},"query":{"EIO":"4"},"issued":1700000000123,)"
            R"JSON("secure":false,"time":"Tue Nov 14 2023 22:13:20 GMT+0000 (Coordinated Universal Time)",)JSON"
            R"("url":"/socket.io/?EIO=4","xdomain":false},"rooms":["sid","blue"]})");
}

TEST(SerializedSocketTest, ShowsTheAddressThatAProxyTells) {
  EXPECT_EQ(handshake_of(socket_with({{"x-forwarded-for", "1.1.1.1, 2.2.2.2"}})).at("address"), "1.1.1.1, 2.2.2.2");
  EXPECT_EQ(handshake_of(socket_with({{"x-forwarded-for", "1.1.1.1"}, {"cf-connecting-ip", "3.3.3.3"}})).at("address"),
            "3.3.3.3");
  EXPECT_EQ(handshake_of(socket_with({{"x-forwarded-for", ""}})).at("address"), "10.0.0.1");
}

TEST(SerializedSocketTest, JoinsHeadersOfOneName) {
  const auto handshake = handshake_of(socket_with({{"accept", "a"}, {"cookie", "x=1"}, {"accept", "b"}, {"cookie", "y=2"}}));
  EXPECT_EQ(json::serialize(handshake.at("headers")), R"({"accept":"a, b","cookie":"x=1; y=2"})");
}

TEST(SerializedSocketTest, MakesAListOfARepeatedParameter) {
  const auto handshake = handshake_of(socket_with({}, "/socket.io/?a=1&b=x&a=2&a=3"));
  EXPECT_EQ(json::serialize(handshake.at("query")), R"({"a":["1","2","3"],"b":"x"})");
}

TEST(SerializedSocketTest, KnowsThatAPageOfAnotherOriginMayHaveSentIt) {
  EXPECT_EQ(handshake_of(socket_with({{"origin", "https://a.example"}})).at("xdomain"), true);
}

TEST(SerializedSocketTest, KeepsToItselfWhatServersTellEachOther) {
  auto info = socket_with({});
  info.data = {{"_admin", json::object{{"clientId", "elsewhere"}}}, {"b", 1}, {"a", 2}};
  const auto told = serialize(info, "/");
  EXPECT_EQ(json::serialize(told.at("data")), R"({"b":1,"a":2})");
  EXPECT_EQ(told.at("clientId"), "abcdefghijkl");
}

TEST(SerializedSocketTest, BelievesTheNodeOfTheSocketWhereTheSessionIsNotKnown) {
  auto info = socket_with({});
  info.session.clear();
  info.transport.clear();
  info.data = {{"_admin", json::object{{"clientId", "elsewhere"}, {"transport", "websocket"}}}};
  const auto told = serialize(info, "/");
  EXPECT_EQ(told.at("clientId"), "elsewhere");
  EXPECT_EQ(told.at("transport"), "websocket");
  info.data = {{"_admin", "not an object"}};
  EXPECT_EQ(serialize(info, "/").at("clientId"), "");
}

TEST(SerializedSocketTest, HasNoHandshakeWhereNoneWasAskedFor) {
  auto info = socket_with({});
  info.handshake.reset();
  EXPECT_FALSE(serialize(info, "/").contains("handshake"));
}

}  // namespace
}  // namespace atrium::admin
