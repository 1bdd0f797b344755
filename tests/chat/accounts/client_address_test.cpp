#include "chat/accounts/client_address.h"

#include <gtest/gtest.h>

namespace atrium::chat {
namespace {

const std::vector<net::AddressRange> kOurs{*net::AddressRange::parse("10.0.0.0/8"), *net::AddressRange::parse("::1")};

http::Request from(std::string peer, std::vector<std::string> forwarded_for) {
  http::Request request;
  request.peer = std::move(peer);
  for (auto& value : forwarded_for) request.headers.emplace_back("x-forwarded-for", std::move(value));
  return request;
}

TEST(ClientAddress, IsThePeerWhereNobodyIsTrusted) { EXPECT_EQ(client_address(from("10.0.0.1", {"1.2.3.4"}), {}), "10.0.0.1"); }

TEST(ClientAddress, IsThePeerThatIsNotOurs) { EXPECT_EQ(client_address(from("5.6.7.8", {"1.2.3.4"}), kOurs), "5.6.7.8"); }

TEST(ClientAddress, IsWhomOurProxyHeard) { EXPECT_EQ(client_address(from("10.0.0.1", {"1.2.3.4"}), kOurs), "1.2.3.4"); }

TEST(ClientAddress, IsTheFirstThatIsNotOursThroughSeveralProxies) {
  EXPECT_EQ(client_address(from("::1", {"9.9.9.9, 1.2.3.4, 10.0.0.2"}), kOurs), "1.2.3.4");
  EXPECT_EQ(client_address(from("::1", {"9.9.9.9", "1.2.3.4", "10.0.0.2"}), kOurs), "1.2.3.4");
}

TEST(ClientAddress, IsNoInventionOfTheClient) {
  EXPECT_EQ(client_address(from("10.0.0.1", {"somebody, 1.2.3.4"}), kOurs), "1.2.3.4");
  EXPECT_EQ(client_address(from("10.0.0.1", {"somebody"}), kOurs), "10.0.0.1");
  EXPECT_EQ(client_address(from("10.0.0.1", {""}), kOurs), "10.0.0.1");
}

TEST(ClientAddress, IsTheFarthestWhereAllAreOurs) {
  EXPECT_EQ(client_address(from("10.0.0.1", {"10.0.0.3, 10.0.0.2"}), kOurs), "10.0.0.3");
}

TEST(ClientAddress, IsTheProxyThatSaysNothing) { EXPECT_EQ(client_address(from("10.0.0.1", {}), kOurs), "10.0.0.1"); }

}  // namespace
}  // namespace atrium::chat
