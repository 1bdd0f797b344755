// The JavaScript client, taken from the server itself.
#include <gtest/gtest.h>

#include <regex>

#include "tests/support/socket_io_server.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/zlib_stream.h"

namespace atrium::socketio {
namespace {

class ClientFilesTest : public ::testing::Test {
 protected:
  ClientFilesTest() {
    dist.write("socket.io.js", script);
    dist.write("socket.io.js.map", "{\"version\":3}");
    dist.write("socket.io.msgpack.min.js", "small");
    dist.write("secret.js", "no file of the client's");
  }

  ServerOptions serving() const { return {.shards = 1, .serve_client = dist.path().string()}; }
  static test::HttpAnswer get(test::SocketIoServer& server, const std::string& path, const std::string& headers = {}) {
    return server.tcp().get(path, headers);
  }

  const std::string script = "/* a client */ " + std::string(2000, 'x');
  test::TemporaryDirectory dist;
};

TEST_F(ClientFilesTest, AreServedBelowThePath) {
  test::SocketIoServer server(serving());
  server.start();
  const auto answer = get(server, "/socket.io/socket.io.js?t=1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, script);
  EXPECT_EQ(answer.headers.at("content-type"), "application/javascript; charset=utf-8");
  EXPECT_EQ(answer.headers.at("cache-control"), "public, max-age=0");
  EXPECT_EQ(answer.headers.at("vary"), "Accept-Encoding");
  EXPECT_EQ(answer.headers.count("access-control-allow-origin"), 0u);
  EXPECT_EQ(get(server, "/socket.io/socket.io.js.map").headers.at("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(get(server, "/socket.io/socket.io.msgpack.min.js").body, "small");
}

TEST_F(ClientFilesTest, AreTheClientsAlone) {
  test::SocketIoServer server(serving());
  server.start();
  for (const char* path : {"/socket.io/secret.js", "/socket.io/socket.io.min.js", "/socket.io/../socket.io.js"}) {
    EXPECT_NE(get(server, path).status, 200) << path;
  }
  EXPECT_EQ(server.tcp().ask("POST", "/socket.io/socket.io.js", {}, "x").status, 400);
  auto client = server.connect();
  EXPECT_FALSE(client.join().empty()) << "the engine still has its path";
}

TEST_F(ClientFilesTest, AreNotSentAgainToWhoeverHasThem) {
  test::SocketIoServer server(serving());
  server.start();
  const std::string etag = get(server, "/socket.io/socket.io.js").headers.at("etag");
  EXPECT_TRUE(std::regex_match(etag, std::regex("\"[-_A-Za-z0-9]+\""))) << etag;
  EXPECT_NE(get(server, "/socket.io/socket.io.msgpack.min.js").headers.at("etag"), etag);
  for (const std::string& known : {etag, "W/" + etag, "\"other\", " + etag}) {
    const auto answer = get(server, "/socket.io/socket.io.js", "If-None-Match: " + known + "\r\n");
    EXPECT_EQ(answer.status, 304) << known;
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(answer.headers.at("etag"), etag);
  }
  EXPECT_EQ(get(server, "/socket.io/socket.io.js", "If-None-Match: \"other\"\r\n").status, 200);
}

TEST_F(ClientFilesTest, AreCompressedAsTheBrowserLikesIt) {
  test::SocketIoServer server(serving());
  server.start();
  const auto zipped = get(server, "/socket.io/socket.io.js", "Accept-Encoding: br, gzip\r\n");
  EXPECT_EQ(zipped.headers.at("content-encoding"), "gzip");
  EXPECT_LT(zipped.body.size(), script.size() / 4);
  EXPECT_EQ(test::zlib_inflate(zipped.body, 15 + 16), script);
  const auto deflated = get(server, "/socket.io/socket.io.js", "Accept-Encoding: deflate\r\n");
  EXPECT_EQ(deflated.headers.at("content-encoding"), "deflate");
  EXPECT_EQ(test::zlib_inflate(deflated.body, 15), script);
}

TEST_F(ClientFilesTest, MayBeReadByPagesOfOtherOriginsAsCorsSays) {
  ServerOptions options = serving();
  options.cors = engineio::Cors{.origins = {"https://a.example"}};
  test::SocketIoServer server(options);
  server.start();
  const auto answer = get(server, "/socket.io/socket.io.js", "Origin: https://a.example\r\n");
  EXPECT_EQ(answer.headers.at("access-control-allow-origin"), "https://a.example");
  EXPECT_EQ(answer.headers.at("vary"), "Accept-Encoding, Origin");
}

TEST_F(ClientFilesTest, AreNotServedUnlessAskedFor) {
  test::SocketIoServer server({.shards = 1});
  server.start();
  EXPECT_EQ(get(server, "/socket.io/socket.io.js").status, 400);
}

TEST_F(ClientFilesTest, AreMissedAtStart) {
  const test::TemporaryDirectory empty;
  try {
    Server io({.shards = 1, .serve_client = empty.path().string()});
    FAIL() << "it started";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find(empty.path().string()), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace atrium::socketio
