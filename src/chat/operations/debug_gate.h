#pragma once

#include <string>

#include "web/provider.h"

namespace atrium::chat {

/// Whoever has shown the secret.
struct Operator {};

/// Lets those behind the scenes who show the secret of the configuration: in X-Debug-Secret, or as bearer. Any shard.
class DebugGate final {
 public:
  static constexpr auto provides() { return std::tuple{web::provide<&DebugGate::judge>.with({.security = "debug"})}; }

  explicit DebugGate(std::string secret) : secret_(std::move(secret)) {}

 private:
  Operator judge(const web::Context& context) const;

  const std::string secret_;
};

}  // namespace atrium::chat
