#include "net/tls_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/tls_server.h"

namespace atrium::net {
namespace {

using test::Certificate;
using test::echo;
using test::TlsServer;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class TlsContextTest : public ::testing::Test {
 protected:
  /// What load() says to these files.
  static std::string complaint(TlsOptions options) {
    const auto context = TlsContext::load(std::move(options));
    return context.has_value() ? "none" : context.error();
  }
  std::string file(const std::string& name) const { return directory.file(name); }

  test::TemporaryDirectory directory;
  const Certificate first{directory, "first"};
  const Certificate second{directory, "second"};
};

TEST_F(TlsContextTest, TakesACertificateAndItsKey) {
  EXPECT_EQ(complaint({.certificate = first.file, .key = first.key_file}), "none");
  EXPECT_EQ(complaint({.certificate = first.file, .key = first.key_file, .client_ca = second.file}), "none");
}

TEST_F(TlsContextTest, SaysWhichFileItCannotRead) {
  EXPECT_EQ(complaint({.certificate = file("no.pem"), .key = first.key_file}),
            "Cannot read the certificate '" + file("no.pem") +
                "': No such file or directory; give the path of a PEM file that this user may read.");
  EXPECT_THAT(complaint({.certificate = first.file, .key = file("no.key")}), HasSubstr("Cannot read the private key '"));
  EXPECT_THAT(complaint({.certificate = first.file, .key = first.key_file, .client_ca = file("no.ca")}),
              HasSubstr("Cannot read the client CA '"));
}

TEST_F(TlsContextTest, SaysWhatItNeeds) {
  EXPECT_EQ(complaint({}), "TLS needs the certificate; give the path of a PEM file.");
  EXPECT_EQ(complaint({.certificate = first.file}), "TLS needs the private key; give the path of a PEM file.");
}

TEST_F(TlsContextTest, SaysThatKeyAndCertificateDoNotBelongTogether) {
  EXPECT_EQ(complaint({.certificate = first.file, .key = second.key_file}),
            "The private key '" + second.key_file + "' does not belong to the certificate '" + first.file +
                "'; give the two that were made together.");
}

TEST_F(TlsContextTest, SaysHowToDecryptAKeyInsteadOfAskingForAPassword) {
  first.write_encrypted_key(file("secret.key"));
  EXPECT_EQ(complaint({.certificate = first.file, .key = file("secret.key")}),
            "The private key '" + file("secret.key") + "' is encrypted; decrypt it with: openssl pkey -in '" +
                file("secret.key") + "' -out key.pem");
}

TEST_F(TlsContextTest, SaysThatAFileIsNoPem) {
  directory.write("text", "hello");
  EXPECT_THAT(
      complaint({.certificate = file("text"), .key = first.key_file}),
      MatchesRegex("Cannot use the certificate '.*text': .*; it must be a PEM file with the server's certificate first."));
  EXPECT_THAT(complaint({.certificate = first.file, .key = file("text")}),
              MatchesRegex("Cannot use the private key '.*text': .*; it must be a PEM file."));
  EXPECT_THAT(complaint({.certificate = first.file, .key = first.key_file, .client_ca = file("text")}),
              MatchesRegex("Cannot use the client CA '.*text': .*; it must be a PEM file of certificates."));
  // The two in each other's place.
  EXPECT_THAT(complaint({.certificate = first.key_file, .key = first.file}), HasSubstr("Cannot use the certificate"));
}

TEST_F(TlsContextTest, ServesAnExpiredCertificateAllTheSame) {
  const Certificate old(directory, "old", nullptr, Certificate::Validity::past);
  EXPECT_EQ(complaint({.certificate = old.file, .key = old.key_file}), "none");
}

TEST_F(TlsContextTest, SendsTheWholeChain) {
  const Certificate leaf(directory, "leaf", &first);
  std::ifstream upper(first.file);
  std::ofstream(leaf.file, std::ios::app) << upper.rdbuf();
  TlsServer server(echo, 1, {.certificate = leaf.file, .key = leaf.key_file});
  auto client = server.connect();
  EXPECT_EQ(client.server_name(), "leaf");
  EXPECT_EQ(sk_X509_num(SSL_get_peer_cert_chain(client.native())), 2);
}

/// Puts another certificate where the server's was.
void replace_certificate(const TlsServer& server, const Certificate& with) {
  using std::filesystem::copy_options;
  std::filesystem::copy_file(with.file, server.certificate.file, copy_options::overwrite_existing);
  std::filesystem::copy_file(with.key_file, server.certificate.key_file, copy_options::overwrite_existing);
}

TEST_F(TlsContextTest, ReloadServesTheNewCertificateWhileOldConnectionsLiveOn) {
  TlsServer server(echo);
  auto before = server.connect();
  EXPECT_EQ(before.server_name(), "first");
  replace_certificate(server, second);
  EXPECT_EQ(server.connect().server_name(), "first") << "not before it is told to";
  ASSERT_TRUE(server.tls->reload().has_value());
  EXPECT_EQ(server.connect().server_name(), "second");
  before.send("still here");
  EXPECT_EQ(before.read_exactly(10), "still here");
}

TEST_F(TlsContextTest, ReloadKeepsTheOldFilesWhenTheNewOnesDoNotFitTogether) {
  TlsServer server(echo);
  std::filesystem::copy_file(second.file, server.certificate.file, std::filesystem::copy_options::overwrite_existing);
  const auto result = server.tls->reload();
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error(), HasSubstr("does not belong to the certificate"));
  EXPECT_EQ(server.connect().server_name(), "first");
}

TEST_F(TlsContextTest, ReloadTakesNoTicketsOfBefore) {
  TlsServer server(echo);
  auto before = server.connect();
  before.send("hello");
  before.read_exactly(5);
  const auto session = before.session();
  ASSERT_TRUE(server.tls->reload().has_value());
  auto after = server.connect({.session = session.get()});
  EXPECT_FALSE(after.resumed());
  after.send("hello");
  EXPECT_EQ(after.read_exactly(5), "hello");
}

TEST_F(TlsContextTest, ReloadsOnAnyThreadWhileConnectionsBegin) {
  TlsServer server(echo, 2);
  std::jthread reloading([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) EXPECT_TRUE(server.tls->reload().has_value());
  });
  for (int i = 0; i < 50; ++i) {
    auto client = server.connect();
    client.send("hello");
    EXPECT_EQ(client.read_exactly(5), "hello");
  }
}

}  // namespace
}  // namespace atrium::net
