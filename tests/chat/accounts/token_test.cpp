#include "chat/accounts/token.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64.h"
#include "tests/support/manual_clock.h"

namespace atrium::chat {
namespace {

using namespace std::chrono_literals;

const std::string kSecret = "a secret of thirty-two octets...";
const std::string kHs256 = R"({"alg":"HS256","typ":"JWT"})";

std::string signature(const EVP_MD* digest, const std::string& text, const std::string& secret) {
  unsigned char octets[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(digest, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       octets, &size);
  return base64url_encode(std::string_view(reinterpret_cast<const char*>(octets), size));
}

/// A token put together by hand (RFC 7515 3.1), to be as wrong as a test wants it.
std::string forge(const std::string& header, const std::string& claims, const EVP_MD* digest = EVP_sha256(),
                  const std::string& secret = kSecret) {
  const std::string text = base64url_encode(header) + "." + base64url_encode(claims);
  return text + "." + (digest ? signature(digest, text, secret) : "");
}

class TokenTest : public ::testing::Test {
 protected:
  std::int64_t seconds(std::chrono::seconds from_now = 0s) const {
    return std::chrono::floor<std::chrono::seconds>(clock.wall().time_since_epoch() + from_now).count();
  }
  /// "ok alice", "invalid" or "expired".
  std::string verdict(std::string_view token) const {
    const auto claims = authority.verify(token, clock.wall());
    if (claims) return "ok " + claims->subject;
    return claims.error() == TokenError::expired ? "expired" : "invalid";
  }
  /// alice's claims, good for an hour, or as long as `more` says.
  std::string claims(const std::string& more = {}) const {
    const std::string expires = more.find("\"exp\"") == more.npos ? R"(,"exp":)" + std::to_string(seconds(1h)) : "";
    return R"({"sub":"alice")" + expires + more + "}";
  }
  std::string with(const std::string& more) const { return forge(kHs256, claims(more)); }

  test::ManualClock clock;
  TokenAuthority authority{kSecret};
};

TEST_F(TokenTest, ComesBackAsItWasMinted) {
  const Claims minted{.subject = "alice", .email = "alice@example.com", .name = "Älice \"Ace\" O'Hara"};
  const auto read = authority.verify(authority.mint(minted, clock.wall(), 60s), clock.wall());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->subject, minted.subject);
  EXPECT_EQ(read->email, minted.email);
  EXPECT_EQ(read->name, minted.name);
}

TEST_F(TokenTest, HasNoNameOrAddressThatNobodyGave) {
  const std::string token = authority.mint({.subject = "alice", .email = {}, .name = {}}, clock.wall(), 60s);
  const auto read = authority.verify(token, clock.wall());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->email, "");
  EXPECT_EQ(read->name, "");
}

TEST_F(TokenTest, MayComeFromSomebodyElseWithTheSameSecret) {
  EXPECT_EQ(verdict(with(R"(,"exp":)" + std::to_string(seconds(60s)) + R"(,"aud":["x"],"more":{"a":1})")), "ok alice");
  EXPECT_EQ(verdict(forge(R"({"alg":"HS256"})", claims())), "ok alice") << "typ is optional (RFC 7519 5.1)";
}

TEST_F(TokenTest, IsSignedWithTheSecret) {
  EXPECT_EQ(verdict(forge(kHs256, claims(), EVP_sha256(), "another secret of 32 octets.....")), "invalid");
  const TokenAuthority other("another secret of 32 octets.....");
  EXPECT_EQ(verdict(other.mint({.subject = "alice", .email = {}, .name = {}}, clock.wall(), 60s)), "invalid");
}

TEST_F(TokenTest, IsOfTheOneAlgorithmWhateverItsHeaderSays) {
  for (const char* none : {"none", "None", "NONE", "nOnE"}) {
    const std::string header = std::string(R"({"alg":")") + none + R"(","typ":"JWT"})";
    EXPECT_EQ(verdict(forge(header, claims(), nullptr)), "invalid") << none << ", unsigned";
    EXPECT_EQ(verdict(forge(header, claims())), "invalid") << none << ", signed";
  }
  EXPECT_EQ(verdict(forge(R"({"alg":"HS512","typ":"JWT"})", claims(), EVP_sha512())), "invalid");
  EXPECT_EQ(verdict(forge(R"({"alg":"HS384","typ":"JWT"})", claims(), EVP_sha384())), "invalid");
  EXPECT_EQ(verdict(forge(R"({"alg":"HS512","typ":"JWT"})", claims(), EVP_sha256())), "invalid");
  EXPECT_EQ(verdict(forge(R"({"alg":"RS256","typ":"JWT"})", claims())), "invalid");
  EXPECT_EQ(verdict(forge(R"({"typ":"JWT"})", claims())), "invalid");
  EXPECT_EQ(verdict(forge(R"({"alg":1})", claims())), "invalid");
}

TEST_F(TokenTest, ExpiresWithLeewayForClocksThatDoNotAgree) {
  const std::string token = authority.mint({.subject = "alice", .email = {}, .name = {}}, clock.wall(), 60s);
  clock.advance(60s + TokenRules{}.leeway);
  EXPECT_EQ(verdict(token), "ok alice");
  clock.advance(1s);
  EXPECT_EQ(verdict(token), "expired");
}

TEST_F(TokenTest, IsInvalidRatherThanExpiredWhenItIsNotOurs) {
  const std::string old = claims(R"(,"exp":)" + std::to_string(seconds(-1h)));
  EXPECT_EQ(verdict(forge(kHs256, old)), "expired");
  EXPECT_EQ(verdict(forge(kHs256, old, EVP_sha256(), "another secret of 32 octets.....")), "invalid");
}

// RFC 7519 2: a NumericDate may have a fraction, as some issuers write it.
TEST_F(TokenTest, ExpiresThoughItsTimeHasAFraction) {
  EXPECT_EQ(verdict(with(R"(,"exp":)" + std::to_string(seconds(-1h)) + ".5")), "expired");
  EXPECT_EQ(verdict(with(R"(,"exp":)" + std::to_string(seconds(1h)) + ".5")), "ok alice");
  EXPECT_EQ(verdict(with(R"(,"nbf":)" + std::to_string(seconds(1h)) + ".5")), "invalid");
}

TEST_F(TokenTest, LivesForeverOnlyIfItsMakerSaysNothingOfAnEnd) {
  EXPECT_EQ(verdict(forge(kHs256, R"({"sub":"alice"})")), "ok alice");
  EXPECT_EQ(verdict(with(R"(,"exp":0)")), "expired");
  EXPECT_EQ(verdict(with(R"(,"exp":-1)")), "expired");
  for (const char* none : {R"("soon")", "true", "null", "[1]", "{}"}) {
    EXPECT_EQ(verdict(with(std::string(R"(,"exp":)") + none)), "invalid") << none;
  }
}

TEST_F(TokenTest, IsNotValidBeforeItsTime) {
  const auto leeway = std::chrono::duration_cast<std::chrono::seconds>(TokenRules{}.leeway);
  for (const std::string claim : {"nbf", "iat"}) {
    const auto at = [&](std::chrono::seconds from_now) {
      return with(",\"" + claim + "\":" + std::to_string(seconds(from_now)));
    };
    EXPECT_EQ(verdict(at(0s)), "ok alice") << claim;
    EXPECT_EQ(verdict(at(leeway)), "ok alice") << claim;
    EXPECT_EQ(verdict(at(leeway + 1s)), "invalid") << claim;
  }
}

TEST_F(TokenTest, NamesItsBearer) {
  const auto of = [&](const std::string& who) {
    return forge(kHs256, "{" + who + R"("exp":)" + std::to_string(seconds(1h)) + "}");
  };
  EXPECT_EQ(verdict(of(R"("sub":"alice",)")), "ok alice");
  EXPECT_EQ(verdict(of(R"("email":"alice@example.com",)")), "invalid");
  EXPECT_EQ(verdict(of(R"("sub":"",)")), "invalid");
  EXPECT_EQ(verdict(of(R"("sub":42,)")), "invalid");
  EXPECT_EQ(verdict(of(R"("sub":")" + std::string(128, 'a') + "\",")), "ok " + std::string(128, 'a'));
  EXPECT_EQ(verdict(of(R"("sub":")" + std::string(129, 'a') + "\",")), "invalid");
}

TEST_F(TokenTest, OfOurOwnNamesItsSession) {
  Claims minted{.subject = "alice", .email = {}, .name = {}};
  minted.session = "s1";
  minted.role = "superadmin";
  const auto read = authority.verify(authority.mint(minted, clock.wall(), 60s), clock.wall());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->session, "s1");
  EXPECT_EQ(read->role, "superadmin");
  EXPECT_EQ(read->expires_at, std::chrono::floor<std::chrono::seconds>(clock.wall()) + 60s);
}

TEST_F(TokenTest, OfSomebodyElseHasNoSessionHere) {
  const auto session_of = [&](const std::string& more) { return authority.verify(with(more), clock.wall())->session; };
  EXPECT_EQ(session_of(R"(,"sid":"s1")"), "");
  EXPECT_EQ(session_of(R"(,"sid":"s1","iss":"https://idp.example")"), "");
  EXPECT_EQ(session_of(R"(,"sid":"s1","iss":"atrium")"), "s1");
  EXPECT_EQ(session_of(R"(,"sid":7,"iss":"atrium")"), "");
}

TEST_F(TokenTest, OfSomebodyElseIsOfTheIssuerAndForTheAudienceThatWereAskedFor) {
  const TokenAuthority strict(TokenRules{.secret = kSecret, .issuer = "https://idp.example", .audience = "chat"});
  const auto good = [&](const std::string& more) { return strict.verify(with(more), clock.wall()).has_value(); };
  EXPECT_TRUE(good(R"(,"iss":"https://idp.example","aud":"chat")"));
  EXPECT_TRUE(good(R"(,"iss":"https://idp.example","aud":["x","chat"])"));
  EXPECT_FALSE(good(R"(,"iss":"https://idp.example")"));
  EXPECT_FALSE(good(R"(,"iss":"https://idp.example","aud":"chatter")"));
  EXPECT_FALSE(good(R"(,"aud":"chat")"));
  EXPECT_FALSE(good(R"(,"iss":["https://idp.example"],"aud":"chat")"));
  EXPECT_TRUE(strict.verify(authority.mint({.subject = "alice", .email = {}, .name = {}}, clock.wall(), 60s), clock.wall()));
}

TEST_F(TokenTest, MayBeOfMoreAlgorithmsWhereTheyAreAllowed) {
  const TokenAuthority more(TokenRules{.secret = kSecret, .algorithms = {"HS256", "HS512"}});
  EXPECT_TRUE(more.verify(forge(R"({"alg":"HS512"})", claims(), EVP_sha512()), clock.wall()));
  EXPECT_FALSE(more.verify(forge(R"({"alg":"HS512"})", claims(), EVP_sha256()), clock.wall()));
  EXPECT_FALSE(more.verify(forge(R"({"alg":"HS384"})", claims(), EVP_sha384()), clock.wall()));
}

TEST_F(TokenTest, IsNotTakenByASecretThatNobodyGave) {
  const TokenAuthority none(TokenRules{.secret = {}});
  EXPECT_FALSE(none.verify(forge(kHs256, claims(), EVP_sha256(), ""), clock.wall()));
  EXPECT_FALSE(none.verify(forge(R"({"alg":"none"})", claims(), nullptr), clock.wall()));
}

TEST_F(TokenTest, MayEndLaterThanAnybodyCanCount) {
  for (const char* end : {"1e300", "9223372036854775807"}) {
    EXPECT_EQ(verdict(with(std::string(R"(,"exp":)") + end)), "ok alice") << end;
  }
}

TEST_F(TokenTest, IsNoGarbage) {
  const std::string good = with("");
  ASSERT_EQ(verdict(good), "ok alice");
  for (const char* garbage : {"", ".", "..", "...", "a.b.c", "a", "Bearer", "{}", "\xff\xfe.\xff.\xff"}) {
    EXPECT_EQ(verdict(garbage), "invalid") << garbage;
  }
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_EQ(verdict(good.substr(0, size)), "invalid") << size;
  EXPECT_EQ(verdict(good + "x"), "invalid");
  EXPECT_EQ(verdict(good + ".x"), "invalid");
  EXPECT_EQ(verdict(" " + good), "invalid");
  EXPECT_EQ(verdict(forge(kHs256, "[]")), "invalid");
  EXPECT_EQ(verdict(forge(kHs256, "nonsense")), "invalid");
  EXPECT_EQ(verdict(forge("nonsense", claims())), "invalid");
}

TEST_F(TokenTest, IsCoveredByItsSignatureOctetByOctet) {
  const std::string good = with("");
  const std::size_t end_of_claims = good.rfind('.');
  for (std::size_t at = 0; at < end_of_claims; ++at) {
    std::string changed = good;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(verdict(changed), "invalid") << at;
  }
}

TEST_F(TokenTest, EndsWhereItsOctetsEnd) {
  std::string with_more = with("");
  with_more.push_back('\0');
  with_more += "more";
  EXPECT_EQ(verdict(with_more), "invalid");
}

}  // namespace
}  // namespace atrium::chat
