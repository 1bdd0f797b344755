#include "chat/accounts/known_tokens.h"

#include "base/digest.h"

namespace atrium::chat {

KnownTokens::KnownTokens(const TokenAuthority& authority, std::size_t shards)
    : authority_(authority), known_(shards, Known(kMost)) {}

Result<Claims, TokenError> KnownTokens::verify(std::string_view token, WallTime now) {
  Known& here = known_[net::Shard::current()->index()];
  const std::string digest = sha256(token);
  if (const SignedClaims* known = here.find(digest)) return authority_.judge(*known, now);
  auto checked = authority_.check(token);
  if (!checked) return checked.error();
  return authority_.judge(here.put(digest, std::move(*checked)), now);
}

}  // namespace atrium::chat
