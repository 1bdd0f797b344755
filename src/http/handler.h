#pragma once

#include <memory>

namespace atrium::http {

class Exchange;

/// Whoever answers requests. Called on the shard of the connection; shared by all shards, so it must not change after start.
class Handler {
 public:
  virtual ~Handler() = default;
  /// Answer now, or keep `exchange` and answer later on the same shard. An exchange that is dropped unanswered ends as 500.
  virtual void handle(std::shared_ptr<Exchange> exchange) = 0;
};

}  // namespace atrium::http
