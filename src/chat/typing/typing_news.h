#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "storage/ids.h"

// What TypingTracker says that others are to be told.

namespace atrium::chat {

/// What a client understands of typing: the events of the original application, or typing.v2, which refreshes its own and
/// lets that of others expire.
enum class TypingDialect { legacy, v2 };

/// Somebody who types, as the others see him.
struct Typist {
  std::string key;  ///< one typing each: the user, or in the seed profile the socket
  storage::UserId user;
  std::string name;

  bool operator==(const Typist&) const = default;
};

/// All who type in a large room, a few of them by name.
struct TypingState {
  std::vector<Typist> named;
  std::size_t more = 0;  ///< how many type besides

  bool empty() const { return named.empty() && more == 0; }
  bool operator==(const TypingState&) const = default;
};

/// One thing to tell the room; never to the typist's own sockets.
struct TypingNews {
  enum class What { start, again, stop, state };
  enum class To { everybody, legacy, v2 };

  What what;
  To to;
  Typist typist = {};                  ///< but for a state
  std::set<std::string> unaware = {};  ///< sockets that came later and were not shown this typing: they hear no more of it
  TypingState state = {};
};

/// Whom one socket sees typing.
struct TypingSight {
  std::vector<Typist> typists;            ///< by their starts; in a large room only if it is legacy
  std::optional<TypingState> state = {};  ///< only in a large room, if it understands typing.v2
};

}  // namespace atrium::chat
