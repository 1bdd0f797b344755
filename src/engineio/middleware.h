#pragma once

#include <functional>
#include <optional>
#include <string>

namespace atrium::engineio {

class Visit;

/// Goes on to the next middleware and at last to the engine; with words, the request is refused instead (400, code 3 "Bad
/// request"; the words only go to the connection_error event). Once, now or later on the same shard; it keeps the visit alive.
using Next = std::function<void(std::optional<std::string> error)>;

/// Sees every request for the engine's path before the engine does, upgrades included. It may add headers to the answer, answer
/// by itself (and then forget `next`), or go on. Called on the shard of the request, from all shards at once.
using Middleware = std::function<void(Visit& visit, Next next)>;

}  // namespace atrium::engineio
