#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/recent_map.h"
#include "chat/accounts/token.h"
#include "net/shard.h"

namespace atrium::chat {

/// Tokens whose signature has been checked lately: clients come back with the same one, for every request and after every blip
/// of the network, and the signature costs more than anything else about them (docs/decisions/known-tokens.md). What depends
/// on the time is judged each time. Any shard.
class KnownTokens final {
 public:
  KnownTokens(const TokenAuthority& authority, std::size_t shards);

  /// As TokenAuthority::verify().
  Result<Claims, TokenError> verify(std::string_view token, WallTime now);

 private:
  using Known = RecentMap<SignedClaims>;
  static constexpr std::size_t kMost = 1024;  ///< twice as many at most: some 700 KB a shard

  const TokenAuthority& authority_;
  std::vector<Known> known_;  ///< one a shard, touched by that shard only; by the token's digest
};

}  // namespace atrium::chat
