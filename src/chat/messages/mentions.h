#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/channel_store.h"

namespace atrium::chat {

/// The places of a content where an `@` may name somebody: `@bob`, `@Ann Lee`. Names have up to three words of letters, digits,
/// `_`, `-`, `.`, `'` and whatever is not ASCII; at each place the longest that is somebody's counts. What is after a letter,
/// as in an e-mail address, names nobody.
class Mentions final {
 public:
  explicit Mentions(std::string_view content);

  /// All that may be a name, each once, to be asked for.
  std::vector<std::string> names() const;
  /// Those who are named, given who goes by which name; in the order of the content, each once.
  std::vector<storage::UserId> among(const std::vector<storage::Called>& called) const;

  static constexpr std::size_t kPlaces = 20;  ///< what comes after names nobody
  static constexpr std::size_t kMentioned = 50;
  static constexpr std::size_t kWords = 3;
  static constexpr std::size_t kLongest = 128;  ///< octets of a name

 private:
  using Place = std::vector<std::string>;  ///< what may be the name there, the longest first
  std::vector<Place> places_;
};

}  // namespace atrium::chat
