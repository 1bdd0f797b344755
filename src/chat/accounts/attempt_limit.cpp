#include "chat/accounts/attempt_limit.h"

#include "net/hop.h"

namespace atrium::chat {

Task<std::optional<Duration>> AttemptLimit::take(std::string name) {
  net::Shard& asker = *net::Shard::current();
  net::Shard& home = shards_.home_of(name);
  co_await net::hop_to(home);
  const auto wait = tables_[home.index()].take(name, home.clock().now());
  co_await net::hop_to(asker);
  co_return wait;
}

}  // namespace atrium::chat
