#include "socketio/asyncapi.h"

#include <gtest/gtest.h>

namespace atrium::socketio {

struct Bid {
  std::string lot;
  std::uint32_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(Bid, (), (lot, amount))

struct Price {
  std::uint32_t amount = 0;
};
BOOST_DESCRIBE_STRUCT(Price, (), (amount))

struct Refused {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(Refused, (), (code))

class Hall final : public Controller<Hall> {
 public:
  static constexpr auto handlers() {
    return std::tuple{
        on_connect<&Hall::enter>, on_message<"lot:bid", &Hall::bid>.answers<Price>().with({.summary = "Offers more"}),
        on_message<"lot:price", &Hall::price>, on_message<"lot:watch", &Hall::watch>, on_message<"wave", &Hall::wave>};
  }

 private:
  void enter(Socket&) {}
  Task<void> bid(Context&, Bid) { co_return; }
  Task<Result<Price, Refusal>> price(std::string) { co_return Price{1}; }
  void watch(Socket&, const Bid&) {}
  void wave(Context&) {}
};

namespace {

json::object document() {
  AsyncApi api(
      {.title = "Hall", .version = "1", .nsp = "/hall", .path = "/ws", .security_schemes = {{"token", {{"type", "x"}}}}});
  api.add<Hall, Refused>();
  api.add_outgoing<Price>("lot:price", "A price has changed");
  api.add_outgoing<Bid>("lot:price", "Who has changed it");
  return api.document();
}

json::value message(const char* key) { return document().at("components").at("messages").at(key); }

TEST(AsyncApi, IsOfTheNamespaceAsAWhole) {
  const auto whole = document();
  EXPECT_EQ(whole.at("asyncapi"), json::value("3.0.0"));
  EXPECT_EQ(whole.at("channels").at("namespace").at("address"), json::value("/hall"));
  EXPECT_EQ(whole.at("servers").at("server").at("pathname"), json::value("/ws"));
  EXPECT_EQ(whole.at("servers").at("server").at("security"), json::parse(R"([{"$ref":"#/components/securitySchemes/token"}])"));
  EXPECT_EQ(whole.at("channels").at("namespace").at("messages").as_object().size(), 8u);
  EXPECT_EQ(whole.at("operations").as_object().size(), 6u);
}

TEST(AsyncApi, TakesPayloadAndAcknowledgementFromTheTable) {
  EXPECT_EQ(message("receive.lot.bid"), json::parse(R"({"name":"lot:bid","summary":"Offers more",
      "payload":{"$ref":"#/components/schemas/Bid"}})"));
  EXPECT_EQ(message("acknowledge.lot.bid").at("payload"), json::parse(R"({"anyOf":[{"$ref":"#/components/schemas/Price"},
      {"$ref":"#/components/schemas/Refused"}]})"));
  const auto bid = document().at("operations").at("receive.lot.bid");
  EXPECT_EQ(bid.at("action"), json::value("receive"));
  EXPECT_EQ(bid.at("messages"), json::parse(R"([{"$ref":"#/channels/namespace/messages/receive.lot.bid"}])"));
  EXPECT_EQ(bid.at("reply").at("messages"), json::parse(R"([{"$ref":"#/channels/namespace/messages/acknowledge.lot.bid"}])"));
}

TEST(AsyncApi, TakesTheAcknowledgementFromWhatAHandlerReturns) {
  EXPECT_EQ(message("receive.lot.price").at("payload"), json::parse(R"({"type":"string"})"));
  EXPECT_EQ(message("acknowledge.lot.price").at("payload").at("anyOf").at(0),
            json::parse(R"({"$ref":"#/components/schemas/Price"})"));
  EXPECT_FALSE(document().at("operations").at("receive.lot.watch").as_object().contains("reply"));
}

TEST(AsyncApi, KnowsEventsWithoutAPayload) { EXPECT_FALSE(message("receive.wave").as_object().contains("payload")); }

TEST(AsyncApi, HasEveryPayloadOfAnEventThatIsSent) {
  EXPECT_EQ(message("send.lot.price").at("payload"), json::parse(R"({"$ref":"#/components/schemas/Price"})"));
  EXPECT_EQ(message("send.lot.price.2").at("payload"), json::parse(R"({"$ref":"#/components/schemas/Bid"})"));
  EXPECT_EQ(message("send.lot.price.2").at("name"), json::value("lot:price"));
  EXPECT_EQ(document().at("operations").at("send.lot.price").at("action"), json::value("send"));
}

}  // namespace
}  // namespace atrium::socketio
