// A Socket.IO server at several addresses at once, in the clear and over TLS.
#include <gtest/gtest.h>

#include "net/tls_context.h"
#include "socketio/server.h"
#include "tests/support/certificates.h"
#include "tests/support/connect.h"
#include "tests/support/http_server.h"
#include "tests/support/socket_io_server.h"
#include "tests/support/tls_client.h"

namespace atrium::socketio {
namespace {

using test::TlsClient;

/// Listens at a plain port, at one with TLS, and at a Unix socket.
class ListenTest : public ::testing::Test {
 protected:
  ListenTest() {
    auto tls = *net::TlsContext::load({.certificate = certificate.file, .key = certificate.key_file});
    plain_port = *io.listen({.host = "127.0.0.1"});
    tls_port = *io.listen({.host = "127.0.0.1", .tls = tls});
    EXPECT_EQ(*io.listen({.host = "unix:" + path}), 0);
    io.serve_http(where);
  }
  ~ListenTest() override { stop(); }

  void start() {
    thread = std::thread([this] { io.run(); });
  }
  void stop() {
    if (!thread.joinable()) return;
    io.stop();
    thread.join();
  }

  static constexpr const char* kPolling = "/socket.io/?EIO=4&transport=polling";

  test::TemporaryDirectory directory;
  const test::Certificate certificate{directory, "localhost"};
  const std::string path = directory.file("atrium.sock");
  /// Tells how it was asked.
  test::FunctionHandler where{[](const std::shared_ptr<http::Exchange>& exchange) {
    const http::Request& request = exchange->request();
    exchange->respond({.status = 200, .headers = {}, .body = request.peer + (request.secure ? " over TLS" : "")});
  }};
  Server io{{.shards = 2}};
  std::uint16_t plain_port = 0;
  std::uint16_t tls_port = 0;
  std::thread thread;
};

TEST_F(ListenTest, ServesAtEveryAddressAndKnowsHowItIsAsked) {
  start();
  test::TcpClient plain(plain_port);
  EXPECT_EQ(plain.get("/").body, "127.0.0.1");
  TlsClient secure(test::connect_to_port(tls_port));
  EXPECT_EQ(secure.ask("GET", "/").body, "127.0.0.1 over TLS");
  auto local = test::TcpClient::adopt(test::connect_to_path(path));
  EXPECT_EQ(local.get("/").body, "unix");
}

TEST_F(ListenTest, RemovesTheSocketFileWhenItStops) {
  start();
  auto local = test::TcpClient::adopt(test::connect_to_path(path));
  EXPECT_EQ(local.get("/").status, 200);
  stop();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ListenTest, HoldsASessionOfLongPollingOverTlsWhicheverShardItsRequestsReach) {
  io.of("/").on("say", [](Socket&, Event& event) { event.ack(event.args.at(0)); });
  start();
  // Connections are dealt to the two shards in turn, so each of these requests but the first finds its session elsewhere
  // half of the time; the connection that moved goes on there.
  TlsClient first(test::connect_to_port(tls_port));
  const std::string open = first.ask("GET", kPolling).body;
  const std::string sid = boost::json::parse(open.substr(1)).at("sid").as_string().c_str();
  const std::string target = kPolling + ("&sid=" + sid);
  for (int i = 0; i < 6; ++i) {
    TlsClient other(test::connect_to_port(tls_port));
    if (i == 0) {
      EXPECT_EQ(other.ask("POST", target, "40").body, "ok");
      EXPECT_TRUE(other.ask("GET", target).body.starts_with("40{\"sid\":"));
      continue;
    }
    const std::string big(100'000 * static_cast<std::size_t>(i), 'x');
    EXPECT_EQ(other.ask("POST", target, "421[\"say\",\"" + big + "\"]").body, "ok");
    EXPECT_EQ(other.ask("GET", target).body, "431[\"" + big + "\"]");
  }
}

TEST_F(ListenTest, RelaysFromAClientAtOneAddressToThoseAtTheOthers) {
  io.of("/").on_connection([](Socket& socket) { socket.join("all"); });
  io.of("/").on("say", [](Socket& socket, Event& event) { socket.to("all").emit("said", event.args.at(0)); });
  start();
  test::SocketIoClient plain{test::TcpClient(plain_port)};
  plain.join();
  test::SocketIoClient local{test::TcpClient::adopt(test::connect_to_path(path))};
  local.join();
  TlsClient secure(test::connect_to_port(tls_port));
  const std::string open = secure.ask("GET", kPolling).body;
  const std::string target = kPolling + ("&sid=" + std::string(boost::json::parse(open.substr(1)).at("sid").as_string()));
  secure.ask("POST", target, "40");
  secure.ask("GET", target);
  plain.send(R"(2["say","hello"])");
  EXPECT_EQ(local.next(), R"(2["said","hello"])");
  EXPECT_EQ(secure.ask("GET", target).body, R"(42["said","hello"])");
}

}  // namespace
}  // namespace atrium::socketio
