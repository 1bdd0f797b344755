// How connections under TLS begin, and how they do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/tls_server.h"

namespace atrium::net {
namespace {

using namespace std::chrono_literals;
using test::echo;
using test::TlsServer;

TEST(TlsHandshake, SpeaksTls13AndTls12) {
  TlsServer server(echo);
  EXPECT_EQ(server.connect().version(), "TLSv1.3");
  EXPECT_EQ(server.connect({.most = TLS1_2_VERSION}).version(), "TLSv1.2");
}

TEST(TlsHandshake, RefusesWhatIsOlder) {
  TlsServer server(echo);
  EXPECT_THROW(server.connect({.least = TLS1_VERSION, .most = TLS1_1_VERSION}), std::runtime_error);
  server.await_nobody();
  EXPECT_TRUE(server.events.empty());
}

TEST(TlsHandshake, ChoosesHttp11AmongTheProtocolsOffered) {
  TlsServer server(echo);
  EXPECT_EQ(server.connect({.alpn = "\x02h2\x08http/1.1"}).alpn(), "http/1.1");
  EXPECT_EQ(server.connect().alpn(), "") << "who offers nothing is asked for nothing";
  EXPECT_THROW(server.connect({.alpn = "\x02h2"}), std::runtime_error);
}

TEST(TlsHandshake, ResumesASessionByItsTicket) {
  TlsServer server(echo);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto first = server.connect({.most = version});
    EXPECT_FALSE(first.resumed());
    first.send("hello");
    first.read_exactly(5);
    const auto session = first.session();
    auto second = server.connect({.most = version, .session = session.get()});
    EXPECT_TRUE(second.resumed());
    second.send("again");
    EXPECT_EQ(second.read_exactly(5), "again");
  }
}

TEST(TlsHandshake, RefusesARenegotiation) {
  TlsServer server(echo);
  auto client = server.connect({.most = TLS1_2_VERSION});
  SSL_renegotiate(client.native());
  EXPECT_NE(SSL_do_handshake(client.native()), 1);
}

TEST(TlsHandshake, TakesTheHandshakeOctetByOctet) {
  TlsServer server(echo);
  // A client whose octets arrive one by one: its records are small, and Nagle is off.
  const int descriptor = test::connect_to_port(server.port());
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl.get(), in, out);
  SSL_set_connect_state(ssl.get());
  while (SSL_do_handshake(ssl.get()) != 1) {
    char octet = 0;
    while (BIO_read(out, &octet, 1) == 1) {
      ASSERT_EQ(::send(descriptor, &octet, 1, 0), 1);
      server.shards.settle();
    }
    char answer[4096];
    const ssize_t count = ::recv(descriptor, answer, sizeof(answer), 0);
    ASSERT_GT(count, 0);
    BIO_write(in, answer, static_cast<int>(count));
  }
  char octet = 0;
  while (BIO_read(out, &octet, 1) == 1) ASSERT_EQ(::send(descriptor, &octet, 1, 0), 1);
  EXPECT_EQ(server.events.next(), "open");
  ::close(descriptor);
  EXPECT_EQ(server.events.next(), "closed by peer");
}

TEST(TlsHandshake, HasUntilItsDeadlineAndNotATickLonger) {
  TlsServer server(echo);
  test::TcpClient silent(server.port());
  test::TcpClient slow(server.port());
  slow.send("\x16\x03\x01");  // the beginning of a ClientHello
  while (server.connection_count() < 2) server.shards.settle();
  server.shards.advance(10s - 1ns);
  EXPECT_EQ(server.connection_count(), 2u);
  server.shards.advance(1ns);
  EXPECT_TRUE(silent.ended());
  EXPECT_TRUE(slow.ended());
  EXPECT_EQ(server.connection_count(), 0u);
  EXPECT_TRUE(server.events.empty()) << "the protocol was never called";
}

TEST(TlsHandshake, LeavesNoDeadlineBehind) {
  TlsServer server(echo);
  auto client = server.connect();
  EXPECT_EQ(server.events.next(), "open");
  server.shards.advance(1h);
  client.send("still here");
  EXPECT_EQ(client.read_exactly(10), "still here");
}

TEST(TlsHandshake, EndsForWhoeverDoesNotSpeakTls) {
  TlsServer server(echo);
  using namespace std::string_literals;
  for (const std::string& garbage : {std::string(1000, '\0'), "GET / HTTP/1.1\r\nHost: a\r\n\r\n"s}) {
    test::TcpClient client(server.port());
    client.send(garbage);
    EXPECT_EQ(client.read_to_end(), "") << "nothing that might be taken for an answer";
  }
  test::TcpClient client(server.port());
  client.send("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"s);
  EXPECT_EQ(client.read_exactly(1), "\x15") << "an alert (RFC 8446 5.1) for what looks like TLS";
  server.await_nobody();
  EXPECT_TRUE(server.events.empty()) << "the protocol was never called";
}

TEST(TlsHandshake, IsOverWhenThePeerGoesInItsMidst) {
  TlsServer server(echo);
  test::TcpClient client(server.port());
  client.send("\x16\x03\x01");
  while (server.connection_count() < 1) server.shards.settle();
  client.close();
  server.await_nobody();
  EXPECT_TRUE(server.events.empty());
}

TEST(TlsHandshake, AsksForAClientCertificateWhereThatIsWanted) {
  test::TemporaryDirectory directory;
  const test::Certificate authority(directory, "authority");
  const test::Certificate known(directory, "known", &authority);
  const test::Certificate stranger(directory, "stranger");
  TlsServer server(echo, 1, {.client_ca = authority.file});

  auto client = server.connect({.certificate = known.file, .key = known.key_file});
  EXPECT_EQ(server.events.next(), "open");
  client.send("hello");
  EXPECT_EQ(client.read_exactly(5), "hello");

  const auto session = client.session();
  auto again = server.connect({.certificate = known.file, .key = known.key_file, .session = session.get()});
  EXPECT_TRUE(again.resumed());
  EXPECT_EQ(server.events.next(), "open");

  // In TLS 1.2 they are told within the handshake, in TLS 1.3 with the first octets.
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    EXPECT_THROW(server.connect({.most = version}).read_record(), std::runtime_error);
    EXPECT_THROW(server.connect({.most = version, .certificate = stranger.file, .key = stranger.key_file}).read_record(),
                 std::runtime_error);
  }
  EXPECT_TRUE(server.events.empty());
}

}  // namespace
}  // namespace atrium::net
