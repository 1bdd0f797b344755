#include "net/tls_trust.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "net/connector.h"
#include "tests/support/tls_server.h"

namespace atrium::net {
namespace {

using namespace std::chrono_literals;
using test::Certificate;
using test::echo;
using test::TlsServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

/// Says something, and tells the test what came back when that is as long.
class Asker final : public Protocol {
 public:
  Asker(test::EventQueue& events, std::string words) : events_(events), words_(std::move(words)) {}

  void on_open(Connection& connection) override {
    EXPECT_TRUE(connection.secure());
    events_.push("open");
    connection.send(Bytes::copy_of(words_));
  }
  void on_bytes(std::span<char> bytes) override {
    answer_.append(bytes.data(), bytes.size());
    if (answer_.size() >= words_.size()) events_.push(answer_);
  }
  void on_closed(CloseCause cause) override { events_.push(cause == CloseCause::network_error ? "closed: broken" : "closed"); }

 private:
  test::EventQueue& events_;
  const std::string words_;
  std::string answer_;
};

/// A server by hand: takes one connection after the other.
class Listening final {
 public:
  Listening() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(descriptor_, any, size) != 0 || ::listen(descriptor_, 8) != 0) std::abort();
    ::getsockname(descriptor_, any, &size);
    port = ntohs(address.sin_port);
  }
  ~Listening() { ::close(descriptor_); }

  test::TcpClient accept() { return test::TcpClient::adopt(accept_descriptor()); }
  int accept_descriptor() { return ::accept(descriptor_, nullptr, nullptr); }

  std::uint16_t port = 0;

 private:
  const int descriptor_;
};

class TlsTrustTest : public ::testing::Test {
 protected:
  static constexpr auto kNow = Certificate::Validity::now;

  ~TlsTrustTest() override { shards.stop(); }

  static std::string complaint(TlsTrustOptions options) {
    const auto trust = TlsTrust::load(std::move(options));
    return trust ? "none" : trust.error();
  }

  void begin(const std::string& host, std::uint16_t port, TlsTrustOptions options, const std::string& words = "hello") {
    shards.on(0, [&] {
      const Destination to{.host = host, .port = port, .tls = *TlsTrust::load(std::move(options))};
      net::connect(shards[0], to, 10s, std::make_unique<Asker>(events, words),
                   [this](const std::string& why) { events.push("failed: " + why); });
    });
  }
  /// The first that comes of it.
  std::string attempt(const std::string& host, std::uint16_t port, TlsTrustOptions options) {
    begin(host, port, std::move(options));
    return events.next();
  }
  /// To a server that shows that.
  std::string attempt(const Certificate& shown, const std::string& host, TlsTrustOptions options) {
    TlsServer server(echo, 1, {.certificate = shown.file, .key = shown.key_file});
    const std::string first = attempt(host, server.port(), std::move(options));
    shards.stop();
    return first;
  }

  test::TemporaryDirectory directory;
  const Certificate authority{directory, "authority"};
  const Certificate stranger{directory, "stranger"};
  const Certificate known{directory, "known", &authority, kNow, "DNS:localhost,IP:127.0.0.1"};
  test::EventQueue events;
  test::RunningShards shards;
};

TEST_F(TlsTrustTest, SpeaksToWhomAnAuthorityVouchesForByNameAndByAddress) {
  TlsServer server(echo, 1, {.certificate = known.file, .key = known.key_file});
  for (const auto* host : {"localhost", "127.0.0.1"}) {
    ASSERT_EQ(attempt(host, server.port(), {.ca = authority.file}), "open") << host;
    EXPECT_EQ(events.next(), "hello");
  }
}

TEST_F(TlsTrustTest, CarriesMoreThanTheKernelTakesAtOnce) {
  TlsServer server(echo, 1, {.certificate = known.file, .key = known.key_file});
  const std::string much = test::much(4);
  begin("localhost", server.port(), {.ca = authority.file}, much);
  EXPECT_EQ(events.next(), "open");
  EXPECT_TRUE(events.next() == much);
}

TEST_F(TlsTrustTest, TakesTheAuthoritiesOfTheSystemWhereNoneIsNamed) {
  ::setenv("SSL_CERT_FILE", authority.file.c_str(), 1);
  EXPECT_EQ(attempt(known, "localhost", {}), "open");
  ::unsetenv("SSL_CERT_FILE");
}

TEST_F(TlsTrustTest, TakesTheCertificateItselfWhereThatIsNamed) {
  EXPECT_EQ(attempt(known, "localhost", {.ca = known.file}), "open");
}

TEST_F(TlsTrustTest, RefusesWhomNobodyVouchesFor) {
  EXPECT_THAT(attempt(known, "localhost", {.ca = stranger.file}),
              AllOf(HasSubstr("'CN=known', issued by 'CN=authority', is not trusted: nobody in '" + stranger.file + "'"),
                    HasSubstr("name the PEM file of its authority as ca")));
}

TEST_F(TlsTrustTest, RefusesWhoVouchesForItself) {
  const Certificate own(directory, "own", nullptr, kNow, "DNS:localhost");
  EXPECT_THAT(attempt(own, "localhost", {}), HasSubstr("'CN=own', issued by 'CN=own', is not trusted: no authority that this"));
}

TEST_F(TlsTrustTest, RefusesWhoIsTrustedUnderAnotherName) {
  const Certificate other(directory, "other", &authority, kNow, "DNS:redis.example,DNS:*.redis.example,IP:10.0.0.7");
  const auto* const hosts = "for another host: DNS:redis.example, DNS:*.redis.example, IP Address:10.0.0.7;";
  EXPECT_THAT(attempt(other, "localhost", {.ca = authority.file}), HasSubstr(hosts));
}

TEST_F(TlsTrustTest, RefusesAnAddressThatTheCertificateDoesNotBear) {
  const Certificate by_name(directory, "127.0.0.1", &authority, kNow, "DNS:localhost,DNS:127.0.0.1");
  EXPECT_THAT(attempt(by_name, "127.0.0.1", {.ca = authority.file}), HasSubstr("for another host: DNS:localhost"));
}

TEST_F(TlsTrustTest, RefusesWhatHasExpired) {
  const Certificate old(directory, "old", &authority, Certificate::Validity::past, "DNS:localhost");
  EXPECT_THAT(attempt(old, "localhost", {.ca = authority.file}),
              MatchesRegex("failed: the certificate 'CN=old' has expired at [-0-9]+ [0-9:]+Z; it must be renewed"));
}

TEST_F(TlsTrustTest, RefusesWhatIsOlderThanTls12) {
  Listening server;
  std::thread old([&] {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
    SSL_CTX_use_certificate_file(context.get(), known.file.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context.get(), known.key_file.c_str(), SSL_FILETYPE_PEM);
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
    const int peer = server.accept_descriptor();
    SSL_set_fd(ssl.get(), peer);
    EXPECT_NE(SSL_accept(ssl.get()), 1);
    ::close(peer);
  });
  EXPECT_THAT(attempt("127.0.0.1", server.port, {.ca = authority.file}), HasSubstr("protocol version"));
  old.join();
}

TEST_F(TlsTrustTest, WaitsForTheHandshakeNoLongerThanItShould) {
  Listening server;
  begin("127.0.0.1", server.port, {.ca = authority.file});
  auto silent = server.accept();
  EXPECT_EQ(silent.read_exactly(1), "\x16") << "a handshake (RFC 8446 5.1)";
  shards.advance(10s - 1ns);
  EXPECT_TRUE(events.empty());
  shards.advance(1ns);
  EXPECT_EQ(events.next(), "failed: no end of the TLS handshake in time; does this port speak TLS?");
  silent.read_some();
  EXPECT_TRUE(silent.ended());
}

TEST_F(TlsTrustTest, SaysWhenTheServerGoesInTheMidst) {
  Listening server;
  begin("127.0.0.1", server.port, {.ca = authority.file});
  {
    auto peer = server.accept();
    peer.read_some();
  }
  EXPECT_EQ(events.next(), "failed: the other side ended the connection in the midst of the TLS handshake");
}

TEST_F(TlsTrustTest, SaysWhenTheServerDoesNotSpeakTls) {
  Listening server;
  begin("127.0.0.1", server.port, {.ca = authority.file});
  auto plain = server.accept();
  plain.read_some();
  plain.send("-ERR unknown command\r\n");
  EXPECT_THAT(events.next(), StartsWith("failed: the other side does not speak TLS at this port"));
}

TEST_F(TlsTrustTest, ShowsACertificateToWhoAsksForIt) {
  const Certificate us(directory, "us", &authority);
  TlsServer server(echo, 1, {.certificate = known.file, .key = known.key_file, .client_ca = authority.file});
  EXPECT_EQ(attempt("localhost", server.port(), {.ca = authority.file, .certificate = us.file, .key = us.key_file}), "open");
  EXPECT_EQ(events.next(), "hello");
  // In TLS 1.3 who has none is told so after the handshake.
  EXPECT_EQ(attempt("localhost", server.port(), {.ca = authority.file}), "open");
  EXPECT_EQ(events.next(), "closed: broken");
}

TEST_F(TlsTrustTest, SaysNothingMoreWhenItsShardEndsInTheMidst) {
  Listening server;
  begin("127.0.0.1", server.port, {.ca = authority.file});
  auto silent = server.accept();
  EXPECT_EQ(silent.read_exactly(1), "\x16");
  shards.stop();
  EXPECT_TRUE(events.empty());
}

TEST_F(TlsTrustTest, SaysWhichFileItCannotUse) {
  const auto path = [this](const char* name) { return directory.file(name); };
  directory.write("text", "hello");
  EXPECT_EQ(complaint({.ca = authority.file, .certificate = known.file, .key = known.key_file}), "none");
  EXPECT_EQ(complaint({.ca = path("no.pem")}), "Cannot read the CA '" + path("no.pem") +
                                                   "': No such file or directory; give the path of a PEM file that this user "
                                                   "may read.");
  EXPECT_THAT(complaint({.ca = path("text")}), MatchesRegex("Cannot use the CA '.*text': .*; it must be a PEM file of .*"));
  EXPECT_THAT(complaint({.certificate = path("text"), .key = known.key_file}),
              MatchesRegex("Cannot use the client certificate '.*text': .*; it must be a PEM file with the client's .*"));
  EXPECT_EQ(complaint({.certificate = known.file}), "TLS needs the private key; give the path of a PEM file.");
  EXPECT_EQ(complaint({.key = known.key_file}), "TLS needs the client certificate; give the path of a PEM file.");
  EXPECT_THAT(complaint({.certificate = known.file, .key = stranger.key_file}),
              HasSubstr("does not belong to the certificate"));
}

}  // namespace
}  // namespace atrium::net
